const POLL_MS = 5;
const LIMIT_MS = 20_000;

/** Waits for a condition. @throws Error naming what was awaited, after 20 s */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const endsAtMs = performance.now() + LIMIT_MS;
  while (!condition()) {
    if (performance.now() > endsAtMs) throw new Error(`${what}: not within ${LIMIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
