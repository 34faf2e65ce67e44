/**
 * What the page and a node say to each other over HTTP, beside the socket. All are same-origin
 * POSTs with a JSON body, but for pictures; an error answers `HttpProblem` with its status.
 */

import type { LanguageTag } from '@farandole/kernel/language';
import type { AgeState, ReportReason } from './fields.ts';
import type { ShieldRules } from './shield-rules.ts';

export const SESSION_TICKET_PATH = '/api/session-ticket';
export const ICE_SERVERS_PATH = '/api/ice-servers';
export const REPORT_OUTCOME_PATH = '/api/report-outcome';
export const OWN_WARNING_PATH = '/api/own-warning';
export const OWN_DATA_PATH = '/api/own-data';
/** Takes the pictures of a report; see `report-pictures.ts`. */
export const REPORT_PICTURES_PATH = '/api/report-pictures';
export const SOCKET_PATH = '/ws';
/** Where a decision is read and appealed against: a page of the node's own, which needs no script. */
export const APPEAL_PATH = '/appeal';
/**
 * What a code begins with that is of no decision about whoever has it, but of a network or a device that they share
 * with somebody. It is of use where they were told it alone.
 */
export const SHARED_CODE_PREFIX = 'near-';

/** How a node lets two people connect; see docs/decisions on addresses. */
export type RelayMode = 'direct' | 'until-consent' | 'always' | 'fallback';

/** As `RTCIceServer`, with the parts that we use. */
export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

export interface IceServersReply {
  readonly iceServers: readonly IceServer[];
  /** Fetch fresh ones before then; the list is empty where the node has no TURN. */
  readonly expiresInMs: number;
}

/** POST `/api/session-ticket` with `{}`; sets the cookie where there was none. */
export interface SessionTicketReply extends IceServersReply {
  /** Single use, for one hello. */
  readonly ticket: string;
  readonly ticketExpiresInMs: number;
  readonly server: ServerFacts;
}

/** What the page needs to know of this server before a session exists. */
export interface ServerFacts {
  readonly relay: RelayMode;
  /** False: without a relay, people on some networks cannot meet. */
  readonly hasTurn: boolean;
  readonly ageRequired: AgeState;
  readonly policyVersion: number;
  /** Where the source code of this server is, an `http:` or `https:` address; null where it says none. */
  readonly sourceUrl: string | null;
  readonly operator: OperatorFacts;
  readonly helpLines: HelpLines;
  /** What the page's shield goes by. */
  readonly shield: ShieldRules;
  /** Whether pictures of a stranger may go with a report. */
  readonly pictures: boolean;
  /** How its moderators did in the last 30 days. */
  readonly desk: DeskFacts;
  /** Rules of this house, beside those of every server; null where it has none. */
  readonly houseRules: HouseRules | null;
  /** When most people come; null where it is too little to tell. */
  readonly busiest: HourSpan | null;
}

/**
 * The rules of a house on the wire: beside the version stands, by its tag, the plain text in each
 * language; empty or missing in one in which there is none.
 */
export interface HouseRules {
  /** Another one after each change. */
  readonly version: number;
  readonly [tag: LanguageTag]: string | number;
}

export type HouseTexts = Readonly<Record<LanguageTag, string>>;

/** The texts among the members of rules on the wire. */
export function houseTexts(rules: Readonly<Record<string, string | number>>): HouseTexts {
  return Object.fromEntries(
    Object.entries(rules).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

/** Hours of every day, by UTC; they may go over midnight. */
export interface HourSpan {
  /** From 0 to 23. */
  readonly fromUtcHour: number;
  readonly hours: number;
}

/** Rounded, so that no case shows in it; null where it is too little to tell. */
export interface DeskFacts {
  /** Half of the decisions came within so many hours of the first report; above a day in whole days. */
  readonly halfWithinHours: number | null;
  /** Of the appeals that were answered, those that overturned the decision. */
  readonly overturnedPercent: number | null;
}

/** Who runs a server, as far as they say. */
export interface OperatorFacts {
  readonly name: string | null;
  /** A `mailto:`, `http:` or `https:` address. */
  readonly contact: string | null;
}

/** Where somebody listens; null: the page names a directory of all countries. Web addresses, or `tel:`. */
export interface HelpLines {
  readonly anybody: string | null;
  readonly children: string | null;
}

/** POST `/api/ice-servers`. */
export interface IceServersRequest {
  /** The session receipt. */
  readonly receipt: string;
}

/** POST `/api/report-outcome`, one report a request, and without the cookie: nobody asks. */
export interface ReportOutcomeRequest {
  /** As `report.accepted` gave it. */
  readonly outcome: string;
}

export interface ReportOutcomeReply {
  readonly state: ReportOutcome;
}

/**
 * `in-review`: somebody has it before them. `action-taken`, `no-breach`: what people decided, as it
 * stands after any appeal. `gone`: it is no longer kept.
 */
export type ReportOutcome = 'received' | 'in-review' | 'action-taken' | 'no-breach' | 'gone';

/** POST `/api/own-warning` with `{}`: what moderators have told whoever has this cookie. */
export interface OwnWarningReply {
  /** The newest that counts. */
  readonly warning: OwnWarning | null;
}

export interface OwnWarning {
  readonly atMs: number;
  readonly reason: ReportReason;
}

/**
 * POST `/api/own-data`: what this server keeps of somebody. Who they are is shown by the cookie with a session
 * ticket of the same moment, which only a page of this server that has the cookie can read; or by a recovery
 * code, and without the cookie.
 */
export type OwnDataRequest = {
  readonly do: OwnDataAct;
} & ({ readonly ticket: string } | { readonly code: string });

/** `export` answers all that is kept, as JSON for them to have; `code` a recovery code; `erase` what went. */
export type OwnDataAct = 'export' | 'erase' | 'code';

/** It is kept nowhere here, and is the same each time. */
export interface OwnDataCodeReply {
  readonly code: string;
}

export interface OwnDataErasedReply {
  /** Reports whose words went. */
  readonly reports: number;
  /** Whether something that they wrote stays until it is decided on, or as long as a decision about it stands. */
  readonly waits: boolean;
}

export interface HttpProblem {
  readonly error: string;
  /** A sentence for a person. */
  readonly detail: string;
}
