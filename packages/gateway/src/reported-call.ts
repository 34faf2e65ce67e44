import type { MeetingBy } from '@farandole/matchmaking/ticket';

/** The facts of a reported call that its reporter's receipt proves. */
export interface ReportedCall {
  /** Mode of the call when it was reported. Begins with `exchange-` in a language exchange. */
  readonly mode: string;
  /** Roles of the two seats. Null if the server doesn't offer the mode. */
  /** Name of the community in which they met. Absent in the open pool. */
  readonly community?: string;
  readonly roles: { readonly reporter: string | null; readonly reported: string | null };
  /** How the users chose each other. Absent if they met by chance. */
  readonly metBy?: MeetingBy;
}
