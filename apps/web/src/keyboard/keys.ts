/** What a key press means on a screen; null leaves it to the browser. */
export type KeyAction =
  | 'escape'
  | 'message'
  | 'microphone'
  | 'camera'
  | 'cover'
  | 'report'
  | 'full-screen'
  | 'small-window'
  | 'text-only'
  | 'wave'
  | 'shortcuts';

/** What of a key press and of the page decides. */
export interface KeyPress {
  readonly key: string;
  /** Control, Alt or Meta is held. */
  readonly withModifier: boolean;
  /** A key that is held down goes on pressing. */
  readonly repeated: boolean;
  /** An input method is putting a character together. */
  readonly composing: boolean;
  /** A dialog or a popover is open: it closes first, by the browser itself. */
  readonly overlayOpen: boolean;
  /** Single letters do something: a person may switch that off. */
  readonly letterKeys: boolean;
  /** Where the focus is: `text`, where letters are letters; `control`, which Enter presses. */
  readonly focus: 'text' | 'control' | 'elsewhere';
}

/** Which single character does what, in the order in which people are told. */
export const LETTERS = {
  m: 'microphone',
  v: 'camera',
  b: 'cover',
  r: 'report',
  t: 'text-only',
  w: 'wave',
  p: 'small-window',
  f: 'full-screen',
  '?': 'shortcuts',
} as const satisfies Record<string, KeyAction>;

const BY_LETTER = new Map<string, KeyAction>(Object.entries(LETTERS));

/** https://www.w3.org/TR/uievents/#determine-keydown-keyup-keyCode */
const INPUT_METHOD_KEY = 229;

/**
 * Esc leaves, from wherever the focus is. Single letters work outside of text fields alone
 * and can be switched off (WCAG 2.1.4), and Enter goes to the message box where it would press nothing else.
 */
export function keyAction(press: KeyPress): KeyAction | null {
  if (press.composing || press.withModifier || press.repeated || press.overlayOpen) return null;
  if (press.key === 'Escape') return 'escape';
  if (press.focus === 'text') return null;
  if (press.key === 'Enter') return press.focus === 'elsewhere' ? 'message' : null;
  return press.letterKeys ? (BY_LETTER.get(press.key.toLowerCase()) ?? null) : null;
}

/**
 * Whether an input method has this key. Safari says so of the one that confirms a word only by a
 * code of old: there the composition has ended by then, and Enter would send half a sentence.
 */
export function isComposing({
  isComposing: composing,
  keyCode,
}: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return composing || keyCode === INPUT_METHOD_KEY;
}
