const FRAME_CHARS = 10 * 1_024;
/** NFKC normalisation turns this character into eighteen characters. */
const EXPANDING = '\ufdfa';
const INTEREST_CHARS = 128;

/**
 * Returns a search of 10 KB that the server refuses only after as much work as possible. Each
 * session has credits for ten searches.
 * @param index number of the search; an even number adds interests that grow under NFKC
 */
export function hostileSearch(index: number, seq: number): string {
  const expanding = Array.from({ length: 5 }, () => EXPANDING.repeat(INTEREST_CHARS));
  return JSON.stringify({
    type: 'ticket.create',
    seq,
    ticket: `search-${seq}-of-mine`,
    mode: 'video',
    interests: index % 2 === 0 ? expanding : [],
    onlyShared: false,
    languages: ['en'],
    policyVersion: 1,
    offer: manyLines('a=rtcp-fb:96 nack'),
  });
}

/** Returns an SDP of many valid lines. It lacks a fingerprint, which the filter notices last. */
function manyLines(line: string): string {
  const head = [
    'v=0',
    'o=- 2319420568656204996 2 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 96',
  ];
  const lines = Math.floor(FRAME_CHARS / (line.length + '\\r\\n'.length));
  return [...head, ...Array.from({ length: lines }, () => line), ''].join('\r\n');
}
