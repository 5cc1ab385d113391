/** How matches of every game may end, in words that follow `You won`. */
export const commonReasons: { readonly [reason: string]: string } = {
  resigned: 'by resignation',
  left: 'because the other player left',
};
