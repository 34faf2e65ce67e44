/** The action that a key triggers. With `null` the browser handles the key. */
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
  /**
   * Whether a dialog or popover is open. The page then ignores all keys, because the browser closes
   * the dialog or popover with Esc.
   */
  readonly overlayOpen: boolean;
  /** Whether shortcuts of a single letter are on. The user can turn them off. */
  readonly letterKeys: boolean;
  /** What has the focus. In `text` letters are typed, and on a `control` Enter activates it. */
  readonly focus: 'text' | 'control' | 'elsewhere';
}

/** Shortcuts of a single letter, in the order in which the help shows them. */
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
 * The legacy code of a key that an input method handles:
 * https://www.w3.org/TR/uievents/#determine-keydown-keyup-keyCode
 */
const INPUT_METHOD_KEY = 229;

/**
 * Returns the action for a key press. Esc works in text fields too. Single letters work outside
 * text fields and can be turned off (WCAG 2.1.4). Enter moves the focus to the message box, unless
 * a control has the focus.
 */
export function keyAction(press: KeyPress): KeyAction | null {
  if (press.composing || press.withModifier || press.repeated || press.overlayOpen) return null;
  if (press.key === 'Escape') return 'escape';
  if (press.focus === 'text') return null;
  if (press.key === 'Enter') return press.focus === 'elsewhere' ? 'message' : null;
  return press.letterKeys ? (BY_LETTER.get(press.key.toLowerCase()) ?? null) : null;
}

/**
 * Returns whether an input method handles this key press. For the key that confirms a word, Safari
 * sets only the legacy key code. Without this check Enter would send an unfinished sentence.
 */
export function isComposing({
  isComposing: composing,
  keyCode,
}: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return composing || keyCode === INPUT_METHOD_KEY;
}
