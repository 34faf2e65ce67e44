export interface OpenCommunity {
  /** Version of the title and the rules that users agree to. */
  readonly version: number;
  readonly needsCode: boolean;
  /** Whether the code with this id belongs to the community and wasn't revoked. */
  hasCode(id: string): boolean;
}

/** The communities of the server. Answers from memory in constant time. */
export interface Communities {
  /** Returns null if no community has this name, or if the community is closed. */
  find(name: string): OpenCommunity | null;
}
