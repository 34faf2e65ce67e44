/**
 * Returns the text whose UTF-8 bytes the device key signs in a hello. The text contains the
 * protocol's name, the socket's challenge and the bearer, so the signature is valid nowhere else.
 * @param bearer the session ticket, or the session id for a resume
 */
export function helloPayload(nonce: string, bearer: string): string {
  return `farandole-hello-1\n${nonce}\n${bearer}`;
}
