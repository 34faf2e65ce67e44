const PLAIN = [
  /^Farandole is at http:/,
  /^The page is served at http:/,
  /^Metrics are at http:/,
  /^No members yet: /,
  // Node prints a line of this form when a debugger attaches, and the soak test attaches one.
  /^Debugger (?:listening|attached|ending)/,
  /^For help, see: https:\/\/nodejs\.org\//,
  // Bun prints the address of its debugger in these lines.
  /^-+ Bun Inspector -+$/,
  /^(?:Listening|Inspect in browser):$/,
  /^ {2}(?:ws|https):\/\/\S+$/,
];

const CALM = new Set(['info', 'debug']);

const KEPT_MAX = 20;

export class LogWatch {
  readonly levels: Record<string, number> = {};
  unexpected = 0;
  readonly kept: string[] = [];
  #rest = '';

  push(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
  }

  #read(line: string): void {
    if (line === '' || PLAIN.some((pattern) => pattern.test(line))) return;
    const level = levelOf(line);
    const name = level ?? 'plain';
    this.levels[name] = (this.levels[name] ?? 0) + 1;
    if (level !== null && CALM.has(level)) return;
    this.unexpected += 1;
    if (this.kept.length < KEPT_MAX) this.kept.push(line);
  }
}

/** Returns null for an output line that isn't a log line. */
function levelOf(line: string): string | null {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed !== 'object' || parsed === null || !('level' in parsed)) return null;
    return typeof parsed.level === 'string' ? parsed.level : null;
  } catch {
    return null;
  }
}
