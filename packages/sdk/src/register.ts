/**
 * `node --import @clew/sdk/register app.js`: {@link autolog} before the program's first line.
 *
 * For what nothing else reaches: calls made while modules are still being evaluated, and libraries of plain functions
 * that a program imports statically.
 */
import { autolog } from './lib/autolog/autolog.ts';

autolog();
