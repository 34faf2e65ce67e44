export interface Announcement {
  /**
   * With `now` the announcement interrupts the screen reader. With `polite` the screen reader
   * finishes speaking first.
   */
  readonly urgency: 'polite' | 'now';
  readonly text: string;
  /** If an announcement with the same subject is waiting, the newer one replaces it. */
  readonly subject: string;
}

/**
 * Minimum time between two announcements to a screen reader. If two follow each other faster, the
 * screen reader drops the first one.
 */
export const ANNOUNCEMENT_SPACING_MS = 400;
/**
 * Time after the last announcement at which the live regions are emptied. A screen reader has
 * copied the text by then. A user who browses the page later would take the old text for current.
 */
export const ANNOUNCEMENT_CLEARED_AFTER_MS = 5_000;
/**
 * Maximum number of announcements that wait for the screen reader. It is small because a late
 * announcement may no longer be true.
 */
export const ANNOUNCEMENTS_WAITING_MAX = 4;

export interface AnnouncerPorts {
  /** Writes the text to the live region, even if the region already has this text. */
  say(urgency: Announcement['urgency'], text: string): void;
  /** Empties all live regions. */
  clear(): void;
  setTimer(callback: () => void, delayMs: number): void;
}

/**
 * Speaks one announcement at a time, first those with the urgency `now`. A newer announcement
 * replaces a waiting one with the same subject. If more than `ANNOUNCEMENTS_WAITING_MAX` wait, the
 * oldest polite one is dropped. Empties the live regions after the last announcement.
 */
export class Announcer {
  readonly #ports: AnnouncerPorts;
  #waiting: Announcement[] = [];
  #resting = false;
  #spoken = 0;

  constructor(ports: AnnouncerPorts) {
    this.#ports = ports;
  }

  announce(announcement: Announcement): void {
    this.#waiting = this.#waiting.filter(({ subject }) => subject !== announcement.subject);
    const firstPolite = this.#waiting.findIndex(({ urgency }) => urgency === 'polite');
    const place =
      announcement.urgency === 'now' && firstPolite !== -1 ? firstPolite : this.#waiting.length;
    this.#waiting.splice(place, 0, announcement);
    if (this.#waiting.length > ANNOUNCEMENTS_WAITING_MAX) this.#dropOldestPolite();
    if (!this.#resting) this.#speak();
  }

  drop(subject: string): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting.subject !== subject);
  }

  #dropOldestPolite(): void {
    const oldest = this.#waiting.findIndex(({ urgency }) => urgency === 'polite');
    this.#waiting.splice(Math.max(0, oldest), 1);
  }

  #speak(): void {
    const next = this.#waiting.shift();
    this.#resting = next !== undefined;
    if (next === undefined) {
      this.#clearUnlessSpeaking();
      return;
    }
    this.#spoken += 1;
    this.#ports.say(next.urgency, next.text);
    this.#ports.setTimer(() => this.#speak(), ANNOUNCEMENT_SPACING_MS);
  }

  #clearUnlessSpeaking(): void {
    const spoken = this.#spoken;
    this.#ports.setTimer(() => {
      if (spoken === this.#spoken) this.#ports.clear();
    }, ANNOUNCEMENT_CLEARED_AFTER_MS - ANNOUNCEMENT_SPACING_MS);
  }
}
