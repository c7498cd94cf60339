/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs a target without libFuzzer: each seed as it is, then so many mutations of them. The numbers
 * come from a generator of our own, so that a run is the same everywhere and a failure comes again.
 *
 *   fuzz-TARGET [RUNS [SEED]]     the suite "fuzz"
 *   fuzz-TARGET --only FILE       one input, such as a "crash-..." that an earlier run left
 *   fuzz-TARGET --corpus FOLDER   writes the seeds, for libFuzzer to begin with */

#include "fuzz.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_RUNS 20000
#define MAX_SIZE (64 * 1024)
#define SLOW_US (2 * G_USEC_PER_SEC) /* an input that takes so long is a failure */

/* What parsers look for, and where they stumble. */
static const char *const words[] = {
  "\r\n",
  "\n",
  "\r",
  "+OK",
  "-ERR",
  "+ ",
  "+",
  ".",
  "..",
  "334 ",
  "250-",
  "250 ",
  "235 ",
  "421 ",
  "535 ",
  "220 ",
  "[AUTH]",
  "[SYS/TEMP]",
  "AUTH ",
  "SASL ",
  "PLAIN",
  "LOGIN",
  "XOAUTH2",
  "NTLM",
  "STLS",
  "=",
  "====",
  "=?",
  "{",
  "}",
  "\"",
  "\\u0000",
  "r=",
  "s=",
  "i=4096",
  "i=99999999999",
  "v=",
  "e=",
  ",",
  "<",
  ">",
  "@",
  "\x1e",
  "\xff",
  "\xc3",
  "\xf4\x90\x80\x80",
  "\xe2\x80\xae",
  "4294967296",
  "-1",
  "18446744073709551616",
  "5.7.8 ",
};

typedef struct
{
  guint64 state;
} PrNumbers;

/* xorshift64* */
static guint64
draw (PrNumbers *self, guint64 below)
{
  self->state ^= self->state >> 12;
  self->state ^= self->state << 25;
  self->state ^= self->state >> 27;
  return below > 0 ? (self->state * G_GUINT64_CONSTANT (2685821657736338717)) % below : 0;
}

/* --- Mutation --------------------------------------------------------------------------------- */

static void
replace_byte (GByteArray *input, PrNumbers *numbers)
{
  if (input->len > 0)
    input->data[draw (numbers, input->len)] = (guint8) draw (numbers, 256);
}

static void
flip_bit (GByteArray *input, PrNumbers *numbers)
{
  if (input->len > 0)
    input->data[draw (numbers, input->len)] ^= (guint8) (1 << draw (numbers, 8));
}

static void
insert (GByteArray *input, gsize at, const guint8 *bytes, gsize n)
{
  gsize length = input->len;

  if (n == 0 || length + n > MAX_SIZE)
    return;
  g_byte_array_set_size (input, (guint) (length + n));
  memmove (input->data + at + n, input->data + at, length - at);
  memcpy (input->data + at, bytes, n);
}

static void
insert_word (GByteArray *input, PrNumbers *numbers)
{
  const char *word = words[draw (numbers, G_N_ELEMENTS (words))];

  insert (input, draw (numbers, input->len + 1), (const guint8 *) word, strlen (word));
}

static void
remove_range (GByteArray *input, PrNumbers *numbers)
{
  gsize at = draw (numbers, input->len + 1);
  gsize n = draw (numbers, MIN (input->len - at, 64) + 1);

  if (n > 0)
    g_byte_array_remove_range (input, (guint) at, (guint) n);
}

/* A piece once more, and once in a while a thousand times. */
static void
repeat_range (GByteArray *input, PrNumbers *numbers)
{
  gsize at = draw (numbers, input->len + 1);
  gsize n = draw (numbers, MIN (input->len - at, 32) + 1);
  guint times = draw (numbers, 50) == 0 ? 1000 : 1 + (guint) draw (numbers, 4);
  g_autofree guint8 *piece = g_memdup2 (input->data + at, n);

  for (guint i = 0; n > 0 && i < times; i++)
    insert (input, at, piece, n);
}

/* The end of another one behind the beginning of this. */
static void
cross (GByteArray *input, PrNumbers *numbers, GPtrArray *seeds)
{
  gsize n;
  const guint8 *other = g_bytes_get_data (seeds->pdata[draw (numbers, seeds->len)], &n);
  gsize from = draw (numbers, n + 1);

  g_byte_array_set_size (input, (guint) draw (numbers, input->len + 1));
  insert (input, input->len, other + from, n - from);
}

static void
mutate (GByteArray *input, PrNumbers *numbers, GPtrArray *seeds)
{
  guint steps = 1 + (guint) draw (numbers, 6);

  for (guint i = 0; i < steps; i++)
    switch (draw (numbers, 7))
      {
        case 0:
          replace_byte (input, numbers);
          break;
        case 1:
          flip_bit (input, numbers);
          break;
        case 2:
        case 3:
          insert_word (input, numbers);
          break;
        case 4:
          remove_range (input, numbers);
          break;
        case 5:
          repeat_range (input, numbers);
          break;
        default:
          cross (input, numbers, seeds);
          break;
      }
}

/* --- Running ---------------------------------------------------------------------------------- */

/* What is being tried, for the file that a crash leaves. */
static const guint8 *current;
static gsize current_length;
static char crash_name[256];

/* By the sanitizers, where the program is built with them. */
void __sanitizer_set_death_callback (void (*callback) (void)) __attribute__ ((weak));

static void
leave_input (void)
{
  static const char said[] = "fuzz: the input is in ";
  int fd = open (crash_name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

  if (fd < 0 || write (fd, current, current_length) < 0 || write (2, said, sizeof said - 1) < 0
      || write (2, crash_name, strlen (crash_name)) < 0 || write (2, "\n", 1) < 0)
    return;
  close (fd);
}

static void
on_signal (int number)
{
  leave_input ();
  signal (number, SIG_DFL);
  raise (number);
}

static void
watch (const char *program)
{
  g_autofree char *name = g_path_get_basename (program);

  g_snprintf (crash_name, sizeof crash_name, "crash-%s", name);
  if (__sanitizer_set_death_callback != NULL)
    __sanitizer_set_death_callback (leave_input);
  else
    signal (SIGSEGV, on_signal);
  signal (SIGABRT, on_signal);
  signal (SIGTRAP, on_signal);
}

static void
try_input (const guint8 *data, gsize n)
{
  gint64 begin = g_get_monotonic_time ();

  current = data;
  current_length = n;
  (void) LLVMFuzzerTestOneInput (data, n);
  if (g_get_monotonic_time () - begin > SLOW_US)
    g_error ("one input took %.1f s",
             (double) (g_get_monotonic_time () - begin) / (double) G_USEC_PER_SEC);
}

static int
run_only (const char *path)
{
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;
  gsize n;

  if (!g_file_get_contents (path, &data, &n, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  try_input ((const guint8 *) data, n);
  return 0;
}

static int
write_corpus (const char *folder, GPtrArray *seeds)
{
  for (guint i = 0; i < seeds->len; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/seed-%05u", folder, i);
      g_autoptr (GError) error = NULL;
      gsize n;
      const char *data = g_bytes_get_data (seeds->pdata[i], &n);

      if (!g_file_set_contents (path, data, (gssize) n, &error))
        {
          g_printerr ("%s\n", error->message);
          return 1;
        }
    }
  return 0;
}

static void
run_all (GPtrArray *seeds, guint64 runs, guint64 seed)
{
  PrNumbers numbers = { seed };

  for (guint i = 0; i < seeds->len; i++)
    {
      gsize n;
      const guint8 *data = g_bytes_get_data (seeds->pdata[i], &n);

      try_input (data, n);
    }
  for (guint64 i = 0; i < runs; i++)
    {
      g_autoptr (GByteArray) input = g_byte_array_new ();
      gsize n;
      const guint8 *data = g_bytes_get_data (seeds->pdata[draw (&numbers, seeds->len)], &n);

      g_byte_array_append (input, data, (guint) MIN (n, MAX_SIZE));
      mutate (input, &numbers, seeds);
      try_input (input->data, input->len);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) seeds = fuzz_list_seeds ();
  guint64 runs = DEFAULT_RUNS, seed = 1;
  gint64 begin = g_get_monotonic_time ();

  watch (argv[0]);
  if (argc == 3 && g_str_equal (argv[1], "--only"))
    return run_only (argv[2]);
  if (argc == 3 && g_str_equal (argv[1], "--corpus"))
    return write_corpus (argv[2], seeds);
  if ((argc > 1 && !g_ascii_string_to_unsigned (argv[1], 10, 0, G_MAXUINT32, &runs, NULL))
      || (argc > 2 && !g_ascii_string_to_unsigned (argv[2], 10, 1, G_MAXUINT32, &seed, NULL)))
    {
      g_printerr ("usage: %s [RUNS [SEED]] | --only FILE | --corpus FOLDER\n", argv[0]);
      return 2;
    }
  g_assert_cmpuint (seeds->len, >, 0);
  run_all (seeds, runs, seed);
  g_print ("%u seeds and %" G_GUINT64_FORMAT " mutations in %.1f s\n", seeds->len, runs,
           (double) (g_get_monotonic_time () - begin) / (double) G_USEC_PER_SEC);
  return 0;
}
