import { autolog } from '@clew/sdk';

autolog();
