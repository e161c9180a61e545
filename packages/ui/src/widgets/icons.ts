import {
  Activity,
  ArrowDown,
  ArrowUp,
  Bot,
  Braces,
  Check,
  ChevronDown,
  ChevronRight,
  ClipboardCheck,
  Copy,
  Cpu,
  Database,
  File as FileIcon,
  FlaskConical,
  Image as ImageIcon,
  Keyboard,
  Link,
  ListTree,
  Monitor,
  Moon,
  Network,
  PanelRight,
  Route,
  Search,
  Shield,
  SquareCheck,
  Sun,
  Grid3x3,
  ArrowDownNarrowWide,
  MessageSquare,
  User,
  Wrench,
  X,
  RotateCw,
  type IconNode,
} from 'lucide';

export type IconName =
  | 'activity'
  | 'arrowDown'
  | 'arrowUp'
  | 'bot'
  | 'braces'
  | 'check'
  | 'chevronDown'
  | 'chevronRight'
  | 'clipboardCheck'
  | 'copy'
  | 'cpu'
  | 'database'
  | 'file'
  | 'flask'
  | 'grid'
  | 'image'
  | 'keyboard'
  | 'link'
  | 'listTree'
  | 'message'
  | 'monitor'
  | 'moon'
  | 'network'
  | 'panelRight'
  | 'refresh'
  | 'route'
  | 'search'
  | 'shield'
  | 'sort'
  | 'squareCheck'
  | 'sun'
  | 'user'
  | 'wrench'
  | 'x';

/** The pictures we use, as data: the same one becomes an SVG in the page and a path on the canvas. */
export const ICONS: { readonly [name in IconName]: IconNode } = {
  activity: Activity,
  arrowDown: ArrowDown,
  arrowUp: ArrowUp,
  bot: Bot,
  braces: Braces,
  check: Check,
  chevronDown: ChevronDown,
  chevronRight: ChevronRight,
  clipboardCheck: ClipboardCheck,
  copy: Copy,
  cpu: Cpu,
  database: Database,
  file: FileIcon,
  flask: FlaskConical,
  grid: Grid3x3,
  image: ImageIcon,
  keyboard: Keyboard,
  link: Link,
  listTree: ListTree,
  message: MessageSquare,
  monitor: Monitor,
  moon: Moon,
  network: Network,
  panelRight: PanelRight,
  refresh: RotateCw,
  route: Route,
  search: Search,
  shield: Shield,
  sort: ArrowDownNarrowWide,
  squareCheck: SquareCheck,
  sun: Sun,
  user: User,
  wrench: Wrench,
  x: X,
};
