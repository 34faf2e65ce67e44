declare const brand: unique symbol;

/** A string that only its own maker calls a `Name`: ids of two kinds cannot be mixed up. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Who a person is to one server: derived from the cookie, survives the page. */
export type SubjectId = Branded<'SubjectId'>;
/** SHA-256 of a device's public key, base64url. */
export type DeviceKeyId = Branded<'DeviceKeyId'>;
/** One visit; survives its connections. */
export type SessionId = Branded<'SessionId'>;
/** One wish to be matched. */
export type TicketId = Branded<'TicketId'>;
/** Two tickets brought together, and the call that follows. */
export type MatchId = Branded<'MatchId'>;
/** One process of the server. */
export type NodeId = Branded<'NodeId'>;
/** One socket of a node; never reused while the process lives. */
export type ConnectionId = Branded<'ConnectionId'>;

/** Every id on the wire: base64url letters, 8 to 64 of them. */
export const ID_PATTERN = '^[A-Za-z0-9_-]{8,64}$';

const idRegExp = new RegExp(ID_PATTERN);

/** Whether the text has the shape that every id of ours has. */
export function isId(text: string): boolean {
  return idRegExp.test(text);
}

/**
 * Gives a text its brand. The caller vouches for where it came from: a decoder that checked the
 * shape, or the maker of the id.
 */
export function brandId<Id extends Branded<string>>(text: string): Id {
  return text as Id;
}
