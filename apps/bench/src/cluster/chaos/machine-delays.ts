/** Times at which processes of the run waited for a processor of a busy machine. */
export class MachineDelays {
  readonly #delays: { readonly from: number; readonly to: number }[] = [];

  /** @param ms duration of the delay, up to `at`. Parts that an earlier delay covers don't count */
  note(at: number, ms: number): void {
    const from = Math.max(at - ms, this.#delays.at(-1)?.to ?? Number.NEGATIVE_INFINITY);
    if (from < at) this.#delays.push({ from, to: at });
  }

  /** Returns how long in ms processes were delayed in a span of time. */
  within(from: number, to: number): number {
    let sum = 0;
    for (const delay of this.#delays) {
      sum += Math.max(0, Math.min(to, delay.to) - Math.max(from, delay.from));
    }
    return sum;
  }
}
