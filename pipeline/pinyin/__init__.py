"""Pinyin that a page rewriter put behind characters: telling it from a gloss, and undoing the damage that it did.

The rewriter replaces a list of characters: a listed character is annotated at every occurrence, always with one
reading, and only characters that Simplified script does not have are listed. On many sites it works on GBK *bytes*
without regard to character borders, and that leaves two kinds of scars:

- A hit across two characters. 變為 is D7 83 9E E9, which holds 優 = 83 9E; ``(yōu)`` is put between the two halves of
  為, and 變為產(chǎn)品 is read as 變?yōu)楫a(chǎn)品. The half before the bracket has swallowed it; all that
  follows is one byte off until a byte below 80 sets it right.
- A lost byte. Where the second byte of a character is A3 and the next byte makes a full-width mark of it (A3 A1 is ！),
  the first byte has become a question mark: 。《中華 is read as ?！吨腥A.

Two bytes of a stretch that is one byte off may be no character at all; they vanished where the page was shown. Behind
its first character 規模化商業 is C4A3 BBAF C9CC 9849; without C4 it is read as A3BB AFC9 CC98 49, and AFC9 is none:
規?；虡I.
"""
