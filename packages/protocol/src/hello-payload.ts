/**
 * What the device key signs, as UTF-8: bound to this protocol, this socket's challenge and this
 * ticket (or session), so that it answers nothing else.
 *
 * @param bearer the ticket, or the session's id where there is a resume.
 */
export function helloPayload(nonce: string, bearer: string): string {
  return `farandole-hello-1\n${nonce}\n${bearer}`;
}
