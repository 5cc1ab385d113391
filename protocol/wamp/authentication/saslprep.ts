/**
 * Makes texts that look the same the same, before they are compared. RFC 4013, with the host's Unicode in place of 3.2.
 * @throws TypeError for what nobody can type: control characters, private ones, broken ones, directions that mix.
 */
export function saslprep(text: string): string {
  const prepared = text.replace(nothing, '').replace(spaces, ' ').normalize('NFKC');
  if (!prepared.isWellFormed() || prohibited.test(prepared))
    throw new TypeError('a name or password has a character that is not text');
  if (rightToLeft.test(prepared) && !isOnlyRightToLeft(prepared)) {
    throw new TypeError('a name or password mixes left-to-right and right-to-left writing');
  }
  return prepared;
}

/** RFC 3454 B.1. */
const nothing = /\u034f|[\u180b-\u180d]|[\ufe00-\ufe0f]|[\u00ad\u1806\u200b-\u200d\u2060\ufeff]/gu;
/** C.1.2. */
const spaces = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu;
/** C.2 to C.9, but for surrogates. */
const prohibited =
  /[\p{Cc}\p{Co}\p{Noncharacter_Code_Point}\u06dd\u070f\u180e\u2028\u2029\u2061-\u2063\u206a-\u206f\ufff9-\ufffd\u{1d173}-\u{1d17a}\u2ff0-\u2ffb\u200e\u200f\u202a-\u202e\u{e0001}\u{e0020}-\u{e007f}]|[\u0340\u0341]/u;
/** D.1. */
const rightToLeftOf =
  '\\u05be\\u05c0\\u05c3\\u05d0-\\u05ea\\u05f0-\\u05f4\\u061b\\u061f\\u0621-\\u063a\\u0640-\\u064a\\u066d-\\u066f\\u0671-\\u06d5\\u06e5-\\u06e6\\u06fa-\\u06fe\\u0700-\\u070d\\u0710\\u0712-\\u072c\\u0780-\\u07a5\\u07b1\\ufb1d\\ufb1f-\\ufb28\\ufb2a-\\ufb36\\ufb38-\\ufb3c\\ufb3e\\ufb40\\ufb41\\ufb43\\ufb44\\ufb46-\\ufbb1\\ufbd3-\\ufd3d\\ufd50-\\ufd8f\\ufd92-\\ufdc7\\ufdf0-\\ufdfc\\ufe70-\\ufe74\\ufe76-\\ufefc';
const rightToLeft = new RegExp(`[${rightToLeftOf}]`, 'u');
/** Letters of all other scripts: nearly D.2. */
const leftToRight = new RegExp(`(?![${rightToLeftOf}])[\\p{L}\\p{Mc}\\p{Nl}]`, 'u');
const framed = new RegExp(`^[${rightToLeftOf}](?:.*[${rightToLeftOf}])?$`, 'su');

/** RFC 3454 section 6: nothing left-to-right, and right-to-left at both ends. */
const isOnlyRightToLeft = (text: string) => !leftToRight.test(text) && framed.test(text);
