/**
 * The UTF-8 text that the device key signs. It includes the protocol, the socket's challenge and
 * the bearer, so the signature is useless elsewhere.
 * @param bearer the ticket, or the session id for a resume
 */
export function helloPayload(nonce: string, bearer: string): string {
  return `farandole-hello-1\n${nonce}\n${bearer}`;
}
