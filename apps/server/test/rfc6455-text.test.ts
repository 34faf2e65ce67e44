import { LIMITS, MISCELLANEOUS } from './rfc6455/limit-cases.ts';
import { runCases } from './rfc6455/run-cases.ts';
import { UTF8 } from './rfc6455/utf8-cases.ts';

runCases('[PR-7] RFC 6455, 6: UTF-8', UTF8);
runCases('[PR-2] RFC 6455, 9: limits', LIMITS);
runCases('[PR-2] RFC 6455, 10: miscellaneous', MISCELLANEOUS);
