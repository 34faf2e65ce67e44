/** Calls that began and that the store has not been told of. */
export class CallTally {
  #count = 0;

  add(count: number): void {
    this.#count += count;
  }

  /** All of them, which are whoever asks's to tell from now on. */
  take(): number {
    const count = this.#count;
    this.#count = 0;
    return count;
  }
}
