/**
 * Whether a report with this reason accepts pictures. Pictures of suspected minors are never
 * taken, chosen, sent or stored. No picture shows whether someone wants to learn.
 */
export function takesPictures(reason: string): boolean {
  return reason !== 'may-be-under-18' && reason !== 'not-here-to-learn';
}
