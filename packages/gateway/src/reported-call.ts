/** The facts of a reported call that its reporter's receipt proves. */
export interface ReportedCall {
  /** Mode of the call when it was reported. Begins with `exchange-` in a language exchange. */
  readonly mode: string;
  /** Roles of the two seats. Null if the server doesn't offer the mode. */
  readonly roles: { readonly reporter: string | null; readonly reported: string | null };
}
