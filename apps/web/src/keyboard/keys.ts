/** What a key does. With `null` the browser handles the key. */
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

export interface KeyPress {
  readonly key: string;
  readonly withModifier: boolean;
  readonly repeated: boolean;
  readonly composing: boolean;
  /** True if a dialog or popover is open. The browser then closes it first. */
  readonly overlayOpen: boolean;
  /** False if the user turned single-letter shortcuts off. */
  readonly letterKeys: boolean;
  /** `text`: letters are typed. `control`: Enter activates the control. */
  readonly focus: 'text' | 'control' | 'elsewhere';
}

/** Shortcuts of one letter, in the order in which the user sees them. */
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

/**
 * The legacy key code of a key that an input method handles:
 * https://www.w3.org/TR/uievents/#determine-keydown-keyup-keyCode
 */
const INPUT_METHOD_KEY = 229;

/**
 * Returns what a key does. Esc always leaves. Single letters work outside text fields and can be
 * turned off (WCAG 2.1.4). Enter moves the focus to the message box, unless a control has the
 * focus.
 */
export function keyAction(press: KeyPress): KeyAction | null {
  if (press.composing || press.withModifier || press.repeated || press.overlayOpen) return null;
  if (press.key === 'Escape') return 'escape';
  if (press.focus === 'text') return null;
  if (press.key === 'Enter') return press.focus === 'elsewhere' ? 'message' : null;
  return press.letterKeys ? (BY_LETTER.get(press.key.toLowerCase()) ?? null) : null;
}

/**
 * Whether an input method handles this key. For the key that confirms a word, Safari sets only the
 * legacy key code. Without this check Enter would send an unfinished sentence.
 */
export function isComposing({
  isComposing: composing,
  keyCode,
}: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return composing || keyCode === INPUT_METHOD_KEY;
}
