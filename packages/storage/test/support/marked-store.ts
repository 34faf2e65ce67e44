import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';

/** Fields of store commands that allow only certain values. All other fields are free text. */
const CLOSED: ReadonlySet<string> = new Set([
  // The store makes the ids of alerts.
  'alert',
  'answer',
  'channels',
  'circle',
  'door',
  'event',
  'evidence',
  'family',
  'faults',
  'lane',
  'language',
  'languages',
  'measure',
  'outcome',
  'reason',
  'role',
  'roles',
  'scope',
  'side',
  'step',
  'textKeys',
  'tier',
  'to',
  'via',
  'what',
  'why',
  'zone',
]);
/** Certain values that `by` and `of` may have. Other values of these fields are names. */
const CLOSED_WORDS: ReadonlySet<string> = new Set([
  'code',
  'owner',
  'passkey',
  'password',
  'recovery-code',
]);
/** Store commands whose answers are random or differ between stores. */
const NEVER_ALIKE: ReadonlySet<CommandName> = new Set(['audit.checkpoint', 'words.rewrap']);

export interface MarkedStore extends ModerationStore {
  readonly told: readonly (readonly [CommandName, unknown])[];
  readonly marks: number;
}

/**
 * Wraps a store so that hostile characters are appended to every free text, name and id of a
 * command, and removed from the answers. If an answer still depends on these characters, the
 * store interpreted a text.
 */
export function marked(store: ModerationStore, mark: string): MarkedStore {
  const told: (readonly [CommandName, unknown])[] = [];
  let marks = 0;
  /**
   * Ids as the store returned them. An id that the store derived from another id has the hostile
   * characters in its middle.
   */
  const asAnswered = new Map<string, string>();
  const add = <Value>(value: Value, key = ''): Value =>
    mapTexts(value, key, (text, at) => {
      const isClosed = CLOSED.has(at) || ((at === 'by' || at === 'of') && CLOSED_WORDS.has(text));
      return isClosed ? text : (asAnswered.get(text) ?? `${text}${mark}`);
    });
  const takeAway = <Value>(value: Value): Value =>
    mapTexts(value, '', (text) => {
      const parts = mark === '' ? [text] : text.split(mark);
      marks += parts.length - 1;
      const plain = parts.join('');
      if (parts.length > 1) asAnswered.set(plain, text);
      return plain;
    });
  return {
    told,
    get marks() {
      return marks;
    },
    async run<Name extends CommandName>(name: Name, input: InputOf<Name>) {
      const answered: OutcomeOf<Name> = await store.run(
        name,
        withSettingName(name, input, add(input)),
      );
      const outcome = takeAway(answered);
      told.push([name, NEVER_ALIKE.has(name) ? null : JSON.parse(JSON.stringify(outcome))]);
      return outcome;
    },
    close: () => store.close(),
  };
}

/**
 * Keeps the name of a setting or community unchanged, because the server refuses names of another
 * form before the store sees them.
 */
function withSettingName<Input>(name: CommandName, input: Input, asked: Input): Input {
  const isNamed = name === 'setting.put' || name.startsWith('community.');
  const isKept = isNamed && isRecord(input) && isRecord(asked) && 'name' in input;
  return isKept ? { ...asked, name: input['name'] } : asked;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/**
 * Replaces each text within a value. A text in a list is treated like a value of the list's key.
 */
function mapTexts<Value>(
  value: Value,
  key: string,
  to: (text: string, key: string) => string,
): Value {
  const map = (one: unknown, at: string): unknown => {
    if (typeof one === 'string') return to(one, at);
    // SQLite and PostgreSQL return bytes as different types.
    if (one instanceof Uint8Array) return Buffer.from(one);
    if (Array.isArray(one)) return one.map((item) => map(item, at));
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([name, item]) => [name, map(item, name)]));
  };
  // The cast is safe because the shape of the value stays.
  return map(value, key) as Value;
}
