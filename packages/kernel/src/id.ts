declare const brand: unique symbol;

/** A string branded with `Name`, so that ids of two kinds can't be mixed up. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A user of one server, derived from the cookie; survives the page. */
export type SubjectId = Branded<'SubjectId'>;
/** SHA-256 of a device's public key, base64url. */
export type DeviceKeyId = Branded<'DeviceKeyId'>;
/** A visit of a user; survives its connections. */
export type SessionId = Branded<'SessionId'>;
/** A search of a user. */
export type TicketId = Branded<'TicketId'>;
export type MatchId = Branded<'MatchId'>;
/** A server process. */
export type NodeId = Branded<'NodeId'>;
/** A socket of a node; never reused within a process. */
export type ConnectionId = Branded<'ConnectionId'>;

/** Shape of every id on the wire. */
export const ID_PATTERN = '^[A-Za-z0-9_-]{8,64}$';

const idRegExp = new RegExp(ID_PATTERN);

export function isId(text: string): boolean {
  return idRegExp.test(text);
}

/** The caller guarantees the origin: a decoder that checked the text, or the id's generator. */
export function brandId<Id extends Branded<string>>(text: string): Id {
  return text as Id;
}
