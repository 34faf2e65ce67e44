const POLL_MS = 5;
const LIMIT_MS = 60_000;

/** Waits for a condition. @throws Error naming what was awaited, after a minute */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const endsAtMs = performance.now() + LIMIT_MS;
  while (!(await condition())) {
    if (performance.now() > endsAtMs) throw new Error(`${what}: not within ${LIMIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
