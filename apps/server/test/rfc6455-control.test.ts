import { CLOSES_BY_CLIENT, PINGS } from './rfc6455/control-cases.ts';
import { runCases } from './rfc6455/run-cases.ts';

runCases('[PR-7] RFC 6455, 2: pings and pongs', PINGS);
runCases('[PR-7] [PR-15] RFC 6455, 7: closing', CLOSES_BY_CLIENT);
