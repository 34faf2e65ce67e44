declare const brand: unique symbol;

/**
 * A string type with the brand `Name`, so that the compiler doesn't let one kind of id stand for
 * another.
 */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

/**
 * Identifies a user on one server. It is derived from the user's cookie, so it stays the same
 * after a reload.
 */
export type SubjectId = Branded<'SubjectId'>;
/** SHA-256 digest of a device's public key, in base64url. */
export type DeviceKeyId = Branded<'DeviceKeyId'>;
/** Identifies one visit of a user. A visit continues when its connection is replaced. */
export type SessionId = Branded<'SessionId'>;
/** Identifies one user's search for a peer. */
export type TicketId = Branded<'TicketId'>;
export type MatchId = Branded<'MatchId'>;
/** Identifies a server process. */
export type NodeId = Branded<'NodeId'>;
/** Identifies a socket of a node. A process never uses the same id twice. */
export type ConnectionId = Branded<'ConnectionId'>;

/** Pattern of every id in a protocol message. */
export const ID_PATTERN = '^[A-Za-z0-9_-]{8,64}$';

/** Pattern of a community's name, which is part of its address. */
export const COMMUNITY_NAME_PATTERN = '^[a-z0-9-]{3,32}$';

const idRegExp = new RegExp(ID_PATTERN);

export function isId(text: string): boolean {
  return idRegExp.test(text);
}

const communityRegExp = new RegExp(COMMUNITY_NAME_PATTERN);

export function isCommunityName(text: string): boolean {
  return communityRegExp.test(text);
}

/**
 * Brands a text as an id. The caller must be a decoder that has checked the text, or the code
 * that generated the id.
 */
export function brandId<Id extends Branded<string>>(text: string): Id {
  return text as Id;
}
