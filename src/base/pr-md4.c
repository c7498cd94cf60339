/* SPDX-License-Identifier: GPL-3.0-or-later */

/* MD4, because NTLM makes its keys with it and neither GLib nor GnuTLS has it. It is broken for
 * every other purpose. Any thread. RFC 1320. */

#include "pr-md4.h"

#include "pr-secret.h"

#include <string.h>

#define BLOCK 64

static guint32
rotate (guint32 x, guint n)
{
  return x << n | x >> (32 - n);
}

static guint32
get_word (const guint8 *p)
{
  return p[0] | (guint32) p[1] << 8 | (guint32) p[2] << 16 | (guint32) p[3] << 24;
}

/* RFC 1320 section 3.4: three rounds of 16 steps; what differs between rounds is the function, a
 * constant, the order of the words and the shifts. */
static void
digest_block (guint32 state[4], const guint8 *block)
{
  static const guint8 order[3][16] = {
    { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
    { 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15 },
    { 0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15 },
  };
  static const guint8 shifts[3][4] = { { 3, 7, 11, 19 }, { 3, 5, 9, 13 }, { 3, 9, 11, 15 } };
  static const guint32 constants[3] = { 0, 0x5a827999, 0x6ed9eba1 };
  guint32 s[4] = { state[0], state[1], state[2], state[3] };

  for (guint round = 0; round < 3; round++)
    for (guint i = 0; i < 16; i++)
      {
        /* The four words take turns: a, d, c, b. */
        guint32 *a = &s[(16 - i) % 4], b = s[(17 - i) % 4], c = s[(18 - i) % 4];
        guint32 d = s[(19 - i) % 4], f;

        if (round == 0)
          f = (b & c) | (~b & d);
        else if (round == 1)
          f = (b & c) | (b & d) | (c & d);
        else
          f = b ^ c ^ d;
        *a = rotate (*a + f + get_word (block + 4 * order[round][i]) + constants[round],
                     shifts[round][i % 4]);
      }
  for (guint i = 0; i < 4; i++)
    state[i] += s[i];
  pr_wipe (s, sizeof s);
}

/**
 * pr_md4:
 * @bytes: what to digest
 * @n: how many bytes
 * @digest: (out): 16 bytes
 */
void
pr_md4 (const guint8 *bytes, gsize n, guint8 digest[PR_MD4_LENGTH])
{
  guint32 state[4] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 };
  guint8 last[2 * BLOCK] = { 0 };
  gsize whole = n / BLOCK * BLOCK, rest = n - whole;
  gsize padded = rest + 9 <= BLOCK ? BLOCK : 2 * BLOCK;
  guint64 bits = (guint64) n * 8;

  for (gsize i = 0; i < whole; i += BLOCK)
    digest_block (state, bytes + i);
  if (rest > 0)
    memcpy (last, bytes + whole, rest);
  last[rest] = 0x80;
  for (guint i = 0; i < 8; i++)
    last[padded - 8 + i] = (guint8) (bits >> (8 * i));
  for (gsize i = 0; i < padded; i += BLOCK)
    digest_block (state, last + i);
  for (guint i = 0; i < PR_MD4_LENGTH; i++)
    digest[i] = (guint8) (state[i / 4] >> (8 * (i % 4)));
  pr_wipe (last, sizeof last);
}
