import { FRAGMENTATION, FRAMING, OPCODES, RESERVED_BITS } from './rfc6455/framing-cases.ts';
import { runCases } from './rfc6455/run-cases.ts';

runCases('[PR-7] RFC 6455, 1: framing', FRAMING);
runCases('[PR-7] RFC 6455, 3: reserved bits', RESERVED_BITS);
runCases('[PR-7] RFC 6455, 4: opcodes', OPCODES);
runCases('[PR-7] RFC 6455, 5: fragmentation', FRAGMENTATION);
