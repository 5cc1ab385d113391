/** What people are called. */

/** The authid under which the computer opponent plays. */
const computer = 'computer';
/** Computer players of worlds have a number after it. */
const resident = `${computer}_`;

export const isComputer = (player: string | null): boolean => player === computer;

/** `Computer`, `Computer 2`, or `Guest` with the beginning of the authid. */
export function nameOf(player: string | null): string {
  if (player === null) return 'Open seat';
  if (player.startsWith(resident)) return `Computer ${player.slice(resident.length)}`;
  return isComputer(player) ? 'Computer' : `Guest ${player.slice(0, 4)}`;
}

/** `You`, with the name that others see. */
export const nameBeside = (player: string | null, me: string | null): string =>
  player !== null && player === me ? `You (${nameOf(player)})` : nameOf(player);
