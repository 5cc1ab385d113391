/** How the movers of the swarm fly, here and in rooms of Colyseus. */

/** Of the ground, in units. */
export const side = 1000;

export interface Flight {
  x: number;
  y: number;
  dx: number;
  dy: number;
}

/** Moves one on by a tick; at the edge it bounces. */
export function fly(flight: Flight): void {
  flight.x += flight.dx;
  flight.y += flight.dy;
  if (flight.x < 0 || flight.x > side) {
    flight.dx = -flight.dx;
    flight.x = bounced(flight.x);
  }
  if (flight.y < 0 || flight.y > side) {
    flight.dy = -flight.dy;
    flight.y = bounced(flight.y);
  }
}
const bounced = (at: number): number => (at < 0 ? -at : 2 * side - at);
