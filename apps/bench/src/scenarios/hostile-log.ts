const EXPECTED_EVENTS: ReadonlySet<string> = new Set([
  'listening',
  'session-opened',
  'session-closed',
  'match-found',
  'call-ended',
  'origin-not-listed',
]);

/** Lines that the server prints before its log output begins. */
const GREETING = /^(?:Farandole is at http:\/\/localhost:\d+|No members yet: .+)$/;

export function unexpectedLines(output: string): readonly string[] {
  return output.split('\n').filter((line) => line !== '' && !isExpected(line));
}

function isExpected(line: string): boolean {
  if (GREETING.test(line)) return true;
  try {
    const entry: unknown = JSON.parse(line);
    return (
      typeof entry === 'object' &&
      entry !== null &&
      'event' in entry &&
      EXPECTED_EVENTS.has(String(entry.event))
    );
  } catch {
    return false;
  }
}
