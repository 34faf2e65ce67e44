/**
 * Runs in the page. Focuses the text field and checks what stays visible above the on-screen
 * keyboard.
 * @returns one line for each fault, or null without a text field
 */
export function keyboardFaults(): string[] | null {
  /** Minimum size of the stranger's picture, as a share of the visible area. */
  const PICTURE_MIN = 0.35;
  /** Minimum height of the chat log in CSS pixels, enough for one line of text. */
  const LOG_MIN = 24;
  const BOXES = 'textarea, input[type="text"], input:not([type])';
  const within = document.querySelector('dialog:modal') ?? document.body;
  const box = [...within.querySelectorAll<HTMLElement>(BOXES)].find((one) =>
    one.checkVisibility({ visibilityProperty: true }),
  );
  box?.focus();
  if (box === undefined || document.activeElement !== box) return null;
  const faults: string[] = [];
  const talk = box.closest('.talk.call');
  // The fixed bar hides everything below its top edge.
  const foot = talk?.querySelector('.bar')?.getBoundingClientRect().top ?? innerHeight;
  const seenOf = (element: Element, end = foot): number => {
    const { top, bottom } = element.getBoundingClientRect();
    return Math.min(bottom, end) - Math.max(top, 0);
  };
  const least = Math.min(box.offsetHeight - 1, innerHeight / 3);
  if (seenOf(box) < least) faults.push(`keyboard: ${seenOf(box)} of the box`);
  if (talk === null) return faults;
  for (const out of talk.querySelectorAll<HTMLElement>('.bar .btn, .report')) {
    if (out.matches('.report') && talk.querySelector('.banner, .video-offer') !== null) continue;
    if (out.checkVisibility() && seenOf(out, innerHeight) < out.offsetHeight - 1) {
      faults.push(`keyboard: out of sight: ${out.className}`);
    }
  }
  // A question or an error may cover the chat log.
  if (talk.querySelector('.banner, .caution, .bad, .asks, .video-offer') !== null) return faults;
  const picture = talk.querySelector('.tile.them:not(.slim)');
  if (picture !== null && seenOf(picture) < PICTURE_MIN * innerHeight) {
    faults.push(`keyboard: ${Math.round(seenOf(picture))} of the picture in ${innerHeight}`);
  }
  const log = talk.querySelector('.log');
  if (log !== null && seenOf(log) < LOG_MIN) faults.push(`keyboard: ${seenOf(log)} of the log`);
  return faults;
}
