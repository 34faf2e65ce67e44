/** Acknowledgement at the end of a frame, as `withAck` writes it. */
const ACK_AT_END = /,"ack":(\d{1,10})\}$/;

/**
 * Adds an acknowledgement to a sequenced frame. The frame that is kept for a resume has none,
 * because the resume may reach a node that doesn't read it.
 */
export function withAck(frame: string, ack: number): string {
  return `${frame.slice(0, -1)},"ack":${ack}}`;
}

/**
 * Splits a page's frame for a node that doesn't read `ack` in sequenced messages.
 * @returns a `link.ack` and the frame without the acknowledgement; other frames unchanged
 */
export function splitAck(frame: string): readonly string[] {
  const found = frame.startsWith('{"type":"link.') ? null : ACK_AT_END.exec(frame);
  if (found === null) return [frame];
  return [`{"type":"link.ack","ack":${found[1]}}`, `${frame.slice(0, found.index)}}`];
}
