/** Seats are literal numbers, so that `hands[seat]` is a hand while `hands[i]` is perhaps undefined. At most 16. */
export type Seat = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15;

interface SeatsBelow {
  1: 0;
  2: 0 | 1;
  3: 0 | 1 | 2;
  4: 0 | 1 | 2 | 3;
  5: 0 | 1 | 2 | 3 | 4;
  6: 0 | 1 | 2 | 3 | 4 | 5;
  7: 0 | 1 | 2 | 3 | 4 | 5 | 6;
  8: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
  9: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
  10: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
  11: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;
  12: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11;
  13: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12;
  14: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13;
  15: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14;
  16: Seat;
}

/** How many seats a match may have. */
export type SeatCount = keyof SeatsBelow;
/** How many seats a game has: always so many, or `[fewest, most]`. */
export type Seating = SeatCount | readonly [SeatCount, SeatCount];
/** The seats of a game for so many: `SeatOf<2>` is 0 | 1, `SeatOf<[2, 3]>` is 0 | 1 | 2. */
export type SeatOf<N> = N extends SeatCount
  ? SeatsBelow[N]
  : N extends readonly [SeatCount, infer Most extends SeatCount]
    ? SeatsBelow[Most]
    : Seat;

/** One value a seat, at the index of the seat. */
export type PerSeat<T> = T[] & { [S in Seat]: T };
export type PerSeatView<T> = readonly T[] & { readonly [S in Seat]: T };
