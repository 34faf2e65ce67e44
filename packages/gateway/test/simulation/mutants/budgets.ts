/** Planted bugs in the budgets, and in the limit of sockets without a hello. */
export const BUDGETS = `
gateway/src/budget/budget-tree.ts #add
  gateway/test/budget-tree.test.ts a take counts twice for everyone together
    $A.taken = $B + cost ~> $A.taken = $B + 2 * cost
gateway/src/budget/budget-tree.ts #shareOf
  gateway/test/budget-tree.test.ts a subtree may take all that the others leave
    (parentShare - others) / 2 ~> parentShare - others
  gateway/test/budget-tree.test.ts a network has no maximum
    Math.min(half, this.#networkMax) ~> half
gateway/src/budget/budget-tree.ts #fits
  gateway/test/budget-tree.test.ts full siblings shut a newcomer out
    taken === 0 ? cost : 0 ~> 0
gateway/src/budget/budget-tree.ts #subtract
  gateway/test/budget-tree.test.ts a released unit stays taken for everyone together
    drop this.#giveBack(this.#everyone, $$);
gateway/src/budget/budget-tree.ts #put
  gateway/test/budget-tree.test.ts entries of a level grow without end
    entries.size >= this.#entriesMax ~> false
gateway/src/budget/budget-tree.ts #isOver
  gateway/test/budget-tree.test.ts old entries are never swept
    return isOld || $A; ~> return $A;
gateway/src/budget/budget-tree.ts sweep
  gateway/test/budget-tree.test.ts a sweep ends before entries without units
    refillMs * Math.LN2 ~> 2 * refillMs
gateway/src/budget/levels.ts stepsOf
  gateway/test/budget-tree.test.ts an exempt address counts as any other
    drop if (isExempt(address)) return [];
gateway/src/silent-sockets.ts add
  gateway/test/silent-sockets.test.ts the network with the fewest silent sockets loses one
    others.size > most.size ~> most.size === 0 || others.size < most.size
  gateway/test/silent-sockets.test.ts silent sockets have no limit
    this.#size <= this.#max ~> true
gateway/src/silent-sockets.ts delete
  gateway/test/silent-sockets.test.ts a socket that sent its hello still counts as silent
    drop this.#size -= 1;
gateway/src/upgrade-pass.ts admitsSocket
  gateway/test/upgrade-pass.test.ts a ticket of somebody else admits a socket
    claims.subject !== subject ~> false
  gateway/test/upgrade-pass.test.ts a ticket admits many sockets
    context.admittedTickets.use($$) ~> true
gateway/src/upgrade-pass.ts canResume
  gateway/test/upgrade-pass.test.ts any user's secret admits a socket
    id !== null && $A === subject ~> id !== null
`;

/** Planted bugs in what the server does before a frame reaches the gateway. */
export const SERVER_BUDGETS = `
server/src/transport/frame-turns.ts take
  ../apps/server/test/frame-turns.test.ts a turn handles frames without end
    $A || $B ~> $A
server/src/transport/frame-turns.ts #runNext
  ../apps/server/test/frame-turns.test.ts a network above its share of time is served in turn
    waitMs === 0 ? 0 : $A ~> 0
server/src/transport/frame-turns.ts hasRoom
  ../apps/server/test/frame-turns.test.ts frames of one socket wait without end
    events.length < FRAMES_WAITING_MAX ~> true
  ../apps/server/test/frame-turns.test.ts long frames of one socket wait without end
    chars + length <= FRAMES_WAITING_CHARS_MAX ~> true
server/src/transport/frame-turns.ts #wait
  ../apps/server/test/frame-turns.test.ts a socket whose frames wait is read on
    drop socket.pause();
server/src/transport/admission.ts judge
  ../apps/server/test/door.test.ts a socket is opened without a ticket
    token === null || !admits(token, subject) ~> token === null
  ../apps/server/test/upgrade.test.ts upgrades have no budget
    waitMs > 0 ~> false
`;
