/** Bits that the distance between two of `count` among `size` usually has. */
export const gapBits = (size: number, count: number): number => 31 - Math.clz32((size / (count + 1)) | 1);
