import { lineAt } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';
import { ARGUED } from './patterns-argued.ts';

/** Of a field of a schema: the validator makes a regular expression of it. */
const OF_A_SCHEMA = /\bpattern\s*:\s*(?=['"`])|\b[A-Z]+_PATTERN\s*=\s*(?=['"`])/g;

/**
 * No regular expression of what runs for people takes more than linear time for any text, by its form alone; or a
 * row of `ARGUED` says why it does not, or cannot meet a text that is long.
 */
export function patternFaults(
  tree: Tree,
  argued: readonly (readonly [path: string, pattern: string, why: string])[] = ARGUED,
): Fault[] {
  const unused = new Set(argued);
  const faults = tree.sources
    .filter(({ path }) => /^(?:packages\/[^/]+|apps\/(?:console|server|web))\/src\//.test(path))
    .flatMap((source): Fault[] => {
      const literalAt = new Map(source.strings.map(({ offset, value }) => [offset, value]));
      const inSchemas = Array.from(source.code.matchAll(OF_A_SCHEMA), (match) => {
        const offset = match.index + match[0].length;
        // As it is written in a text, each backslash is there twice.
        return { offset, value: `/${(literalAt.get(offset) ?? '').replaceAll('\\\\', '\\')}/u` };
      });
      return [...source.patterns, ...inSchemas].flatMap(({ offset, value }) => {
        const why = slowness(value);
        if (why === null) return [];
        const row = argued.find(([path, pattern]) => path === source.path && pattern === value);
        if (row !== undefined) {
          unused.delete(row);
          return [];
        }
        const message = `${value} ${why}: write it otherwise, or say in ARGUED why it is not slow.`;
        return [{ path: source.path, line: lineAt(source.text, offset), message }];
      });
    });
  const idle = Array.from(unused, ([path, pattern]) => ({
    path,
    line: null,
    message: `ARGUED argues for ${pattern}, which needs no argument here.`,
  }));
  return [...faults, ...idle];
}

interface Group {
  readonly looks: 'around' | 'ahead' | null;
  /** Items in it, and whether what it matches can be of several lengths. */
  items: number;
  varies: boolean;
}

/** How often an item comes, and whether it is the last of its pattern. */
interface Repeat {
  readonly isWithoutEnd: boolean;
  readonly isSeveral: boolean;
  readonly isFixed: boolean;
  readonly isLast: boolean;
}

/** One item and what repeats it. */
const ATOM =
  /\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\.|\[(?:[^\]\\]|\\.)*\]|[^()|]/uy;
const OPENING = /\((?:\?(?:[:=!]|<[=!]|<\w+>))?/uy;
const REPEATED = /([*+]|\{\d+(?:,\d*)?\})\??|\?\??/uy;

/**
 * Why a pattern may take more than linear time, as far as its form tells; null where it cannot. A run
 * without end costs a look at each place where it may begin and end: one, from a fixed place or at the
 * very end, is linear, and all else, a group that is repeated or looks around, is for people to judge.
 */
export function slowness(pattern: string): string | null {
  return new Reading(pattern).slowness();
}

class Reading {
  readonly #body: string;
  readonly #flags: string;
  readonly #whole: Group = { looks: null, items: 0, varies: false };
  readonly #open: Group[] = [];
  #at = 0;
  /** Runs without end, whether something comes after one, and whether there are two patterns in one. */
  #runs = 0;
  #goesOn = false;
  #isSplit = false;

  constructor(pattern: string) {
    const end = pattern.lastIndexOf('/');
    this.#body = pattern.slice(1, end);
    this.#flags = pattern.slice(end + 1);
  }

  slowness(): string | null {
    while (this.#at < this.#body.length) {
      const fault = this.#next();
      if (fault !== null) return fault;
    }
    const isFromStart = this.#body.startsWith('^') && !this.#isSplit && !this.#flags.includes('m');
    if (isFromStart || this.#flags.includes('y')) {
      return this.#runs > 1 ? 'has several runs without end' : null;
    }
    return this.#goesOn || this.#runs > 1
      ? 'may begin anywhere and goes on after a run without end'
      : null;
  }

  get #group(): Group {
    return this.#open.at(-1) ?? this.#whole;
  }

  #next(): string | null {
    const opening = this.#take(OPENING);
    if (opening !== null) {
      const looks = /<[=!]$/.test(opening) ? 'around' : /[=!]$/.test(opening) ? 'ahead' : null;
      this.#open.push({ looks, items: 0, varies: false });
      return null;
    }
    if (this.#body[this.#at] === '|') {
      this.#at += 1;
      this.#group.varies = true;
      this.#isSplit ||= this.#open.length === 0;
      return null;
    }
    if (this.#body[this.#at] === ')') {
      this.#at += 1;
      const group = this.#open.pop() ?? this.#whole;
      const repeat = this.#repeat();
      this.#count(repeat, group.varies);
      return faultOfGroup(group, repeat);
    }
    if (/^\\(?:[1-9]|k)/.test(this.#take(ATOM) ?? '')) return 'refers back';
    this.#count(this.#repeat(), false);
    return null;
  }

  #take(form: RegExp): string | null {
    form.lastIndex = this.#at;
    const found = form.exec(this.#body)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }

  #repeat(): Repeat {
    const text = this.#take(REPEATED) ?? '';
    const isWithoutEnd = /^[*+]|,\}/.test(text);
    return {
      isWithoutEnd,
      isSeveral: isWithoutEnd || /^\{(?!1\})/.test(text),
      isFixed: text === '' || /^\{\d+\}/.test(text),
      isLast: /^\)*$/.test(this.#body.slice(this.#at)),
    };
  }

  #count(repeat: Repeat, isOfSeveralLengths: boolean): void {
    const group = this.#group;
    group.items += 1;
    if (!repeat.isFixed || isOfSeveralLengths) group.varies = true;
    if (!repeat.isWithoutEnd) return;
    this.#runs += 1;
    this.#goesOn ||= !repeat.isLast;
  }
}

function faultOfGroup({ looks, items, varies }: Group, repeat: Repeat): string | null {
  if (looks === 'around' || (looks === 'ahead' && (items > 1 || varies))) return 'looks around';
  if (repeat.isWithoutEnd) return 'repeats a group without end';
  return repeat.isSeveral && varies ? 'repeats a group of several lengths' : null;
}
