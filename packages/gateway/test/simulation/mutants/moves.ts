/** Planted bugs in how sessions move between nodes. */
export const MOVES = `
cluster/src/moves.ts #takeBack
  cluster/test/moves.test.ts a session taken back keeps the generation of the move
    $A.generation + 1 ~> $A.generation
cluster/src/moves.ts #accepts
  cluster/test/moves.test.ts a fenced node takes sessions
    !this.#channel.isFenced(now) && $A ~> $A
cluster/src/moves.ts #answer
  cluster/test/moves.test.ts a node forgets what it answered
    drop this.#notes.set($$);
cluster/src/moves.ts #settle
  cluster/test/moves.test.ts every node answers for the taker
    $A || open.to !== from ~> $A
cluster/src/moves.ts begin
  cluster/test/moves.test.ts a session is given to a node that is no member
    $A || !this.#channel.members().has(to) ~> $A
cluster/src/moves.ts memberGone
  cluster/test/moves.test.ts a session that a dead node fetched comes back
    move.match === null ~> false
cluster/src/moves.ts tick
  cluster/test/moves.test.ts a node in doubt never asks
    drop this.#channel.send($$);
cluster/src/frame-buffer.ts push
  cluster/test/moves.test.ts a moving page's frames are kept without end
    this.#frames.length >= MOVING_FRAMES_MAX ~> false
`;
