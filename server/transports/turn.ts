/** A turn of the event loop: what waits for its end, and what time it is meanwhile. */
let tasks: (() => void)[] = [];
let time = 0;

/**
 * Once, when all that has come in this turn has been read. What throws is an uncaught exception, and keeps no other from its
 * turn.
 */
export function atEndOfTurn(task: () => void): void {
  if (tasks.push(task) === 1) setImmediate(end);
}

/** The time of day, ms since 1970, when it was first asked for in this turn: asking again costs nothing. */
export function timeOfTurn(): number {
  if (time === 0) {
    time = Date.now();
    atEndOfTurn(forget);
  }
  return time;
}

const forget = () => {
  time = 0;
};

function end(): void {
  const due = tasks;
  tasks = [];
  let begun = 0;
  try {
    while (begun < due.length) due[begun++]!();
  } finally {
    for (const task of due.slice(begun)) atEndOfTurn(task);
  }
}
