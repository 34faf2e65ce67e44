import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';

/** Fields whose values are words of this house, of which there are a few. All others anybody may fill. */
const CLOSED: ReadonlySet<string> = new Set([
  'answer',
  'circle',
  'event',
  'evidence',
  'family',
  'lane',
  'measure',
  'outcome',
  'reason',
  'role',
  'roles',
  'scope',
  'side',
  'step',
  'tier',
  'to',
  'via',
  'what',
  'why',
]);
/** So are these in `by` and `of`, which hold names otherwise. */
const CLOSED_WORDS: ReadonlySet<string> = new Set([
  'code',
  'owner',
  'passkey',
  'password',
  'recovery-code',
]);
/** What these answer is random, or counts what only some stores keep. */
const NEVER_ALIKE: ReadonlySet<CommandName> = new Set(['audit.checkpoint', 'words.rewrap']);

export interface MarkedStore extends ModerationStore {
  /** What was asked, in its order, with the answers, from which the mark was taken away again. */
  readonly told: readonly (readonly [CommandName, unknown])[];
  /** How often the mark stood in an answer. */
  readonly marks: number;
}

/**
 * A store to which every text of a command that is not one of a few words is told with a mark behind it, names and ids
 * too; whoever asks sees nothing of the mark. What it answers is the same, whatever the mark is, or a
 * text was more than a text to it.
 */
export function marked(store: ModerationStore, mark: string): MarkedStore {
  const told: (readonly [CommandName, unknown])[] = [];
  let marks = 0;
  /** Of what was answered: an id that is made of another has its mark in the middle. */
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

/** The name of a setting is one of a few as well: it is refused before the store hears of it. */
function withSettingName<Input>(name: CommandName, input: Input, asked: Input): Input {
  const isSetting = name === 'setting.put' && isRecord(input) && isRecord(asked);
  return isSetting ? { ...asked, name: input['name'] } : asked;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The same data with other texts; what is in a list goes by the list's key. */
function mapTexts<Value>(
  value: Value,
  key: string,
  to: (text: string, key: string) => string,
): Value {
  const map = (one: unknown, at: string): unknown => {
    if (typeof one === 'string') return to(one, at);
    if (Array.isArray(one)) return one.map((item) => map(item, at));
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([name, item]) => [name, map(item, name)]));
  };
  // The same shape, text for text.
  return map(value, key) as Value;
}
