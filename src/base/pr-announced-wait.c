/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long does a server ask to wait? There is no field for it in POP3 and SMTP, so it is read
 * from the words: "try again in 5 minutes", "at least 5 minute(s) apart", "Retry-After: 120".
 * A number counts only with a unit and in a sentence about waiting. Any thread. */

#include "pr-answers.h"

#include <string.h>

#define TEXT_MAX 2048
#define WAIT_MAX_S (7 * 24 * 3600) /* a server must not put a mailbox aside for years */

/* Returns: seconds of one @unit; 0: it is none. */
static guint
get_unit (const char *unit)
{
  static const struct
  {
    const char *name;
    guint seconds;
  } units[] = {
    { "s", 1 },     { "sec", 1 },     { "secs", 1 },     { "second", 1 },   { "seconds", 1 },
    { "min", 60 },  { "mins", 60 },   { "minute", 60 },  { "minutes", 60 }, { "m", 60 },
    { "h", 3600 },  { "hr", 3600 },   { "hrs", 3600 },   { "hour", 3600 },  { "hours", 3600 },
    { "d", 86400 }, { "day", 86400 }, { "days", 86400 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (units[i].name, unit))
      return units[i].seconds;
  return 0;
}

static gboolean
is_about_waiting (const char *word)
{
  static const char *const words[] = { "again", "apart", "back", "delay", "delayed", "least",
                                       "next",  "retry", "wait", "after", NULL };

  return g_strv_contains (words, word);
}

/* "00:04:59"; only behind "in", for servers put the time of day into their answers too. */
static guint64
get_clock (const char *word)
{
  g_auto (GStrv) parts = g_strsplit (word, ":", 4);
  guint64 seconds = 0;

  if (g_strv_length (parts) != 3)
    return 0;
  for (guint i = 0; i < 3; i++)
    {
      guint64 number;

      if (!g_ascii_string_to_unsigned (parts[i], 10, 0, i > 0 ? 59 : 999, &number, NULL))
        return 0;
      seconds = seconds * 60 + number;
    }
  return seconds;
}

/* The words in lower case, without the signs around them. */
static char **
split_words (const char *text)
{
  g_autofree char *lower = g_ascii_strdown (text, (gssize) strnlen (text, TEXT_MAX));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) pieces = g_strsplit_set (lower, " \t\r\n(),;=[]<>-", -1);

  for (guint i = 0; pieces[i] != NULL; i++)
    {
      gsize n = strlen (pieces[i]);

      while (n > 0 && strchr (".:!?\"'", pieces[i][n - 1]) != NULL)
        pieces[i][--n] = '\0';
      if (n > 0)
        g_strv_builder_add (builder, pieces[i]);
    }
  return g_strv_builder_end (builder);
}

/* The time that begins with the word @i, 0 if none does. */
static guint64
get_time_at (char **words, guint i)
{
  const char *word = words[i];
  const char *before = i > 0 ? words[i - 1] : "";
  const char *unit = words[i + 1];
  guint64 number = 0;
  gsize digits = strspn (word, "0123456789");

  if (strchr (word, ':') != NULL)
    return g_str_equal (before, "in") ? get_clock (word) : 0;
  if (g_str_equal (word, "a") || g_str_equal (word, "an") || g_str_equal (word, "one"))
    return unit != NULL && strlen (unit) > 2 ? get_unit (unit) : 0;
  if (digits == 0 || digits > 7)
    return 0;
  number = g_ascii_strtoull (word, NULL, 10);
  if (word[digits] != '\0')
    return number * get_unit (word + digits); /* "300s" */
  if (unit != NULL && get_unit (unit) != 0)
    return number * get_unit (unit);
  /* "Retry-After: 120" */
  if (i > 1 && g_str_equal (before, "after") && g_str_equal (words[i - 2], "retry"))
    return number;
  return 0;
}

/**
 * pr_announced_wait_parse:
 * @text: what a server said
 *
 * Returns: seconds that it asks to wait, at most a week; 0 if it names no time
 */
guint
pr_announced_wait_parse (const char *text)
{
  g_auto (GStrv) words = split_words (text);
  gboolean about_waiting = FALSE;
  guint64 longest = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      about_waiting = about_waiting || is_about_waiting (words[i]);
      longest = MAX (longest, get_time_at (words, i));
    }
  return about_waiting ? (guint) MIN (longest, WAIT_MAX_S) : 0;
}
