/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The reader for JSON of strangers: what it takes, and all that it refuses. */

#include "pr-json-writer.h"
#include "pr-json.h"

#include <string.h>

static PrJson *
parse (const char *text)
{
  return pr_json_parse (text, strlen (text), NULL);
}

static void
test_values (void)
{
  g_autoptr (PrJson) json = parse (" {\"text\": \"a\\n\\\"\\u00e9\\ud83d\\ude00\", \"n\": -12, "
                                   "\"digits\":\"3600\",\n\"half\":1.5e3,\"yes\":true,\"no\":false,"
                                   "\"none\":null,\"list\":[\"a\",2,[]],\"in\":{\"text\":\"b\"},"
                                   "\"\":\"nameless\"} \t");
  const PrJsonValue *root, *list;
  gint64 n = 0;

  g_assert_nonnull (json);
  root = pr_json_get_root (json);
  g_assert_cmpstr (pr_json_find_text (json, "text"), ==, "a\n\"\xc3\xa9\xf0\x9f\x98\x80");
  g_assert_true (pr_json_find_integer (json, "n", &n));
  g_assert_cmpint (n, ==, -12);
  g_assert_true (pr_json_find_integer (json, "digits", &n));
  g_assert_cmpint (n, ==, 3600);
  g_assert_false (pr_json_find_integer (json, "half", &n));
  g_assert_false (pr_json_find_integer (json, "text", &n));
  g_assert_false (pr_json_find_integer (json, "missing", &n));
  g_assert_null (pr_json_find_text (json, "n"));
  g_assert_null (pr_json_find_text (json, "missing"));
  g_assert_true (pr_json_value_is_true (pr_json_value_find (root, "yes")));
  g_assert_false (pr_json_value_is_true (pr_json_value_find (root, "no")));
  g_assert_cmpint (pr_json_value_get_kind (pr_json_value_find (root, "none")), ==, PR_JSON_NULL);
  g_assert_cmpstr (pr_json_find_text (json, ""), ==, "nameless");
  g_assert_cmpstr (
      pr_json_value_get_text (pr_json_value_find (pr_json_value_find (root, "in"), "text")), ==,
      "b");
  list = pr_json_value_get_first (pr_json_value_find (root, "list"));
  g_assert_cmpstr (pr_json_value_get_text (list), ==, "a");
  g_assert_null (pr_json_value_get_name (list));
  list = pr_json_value_get_next (list);
  g_assert_true (pr_json_value_get_integer (list, &n));
  g_assert_cmpint (n, ==, 2);
  list = pr_json_value_get_next (list);
  g_assert_cmpint (pr_json_value_get_kind (list), ==, PR_JSON_ARRAY);
  g_assert_null (pr_json_value_get_first (list));
  g_assert_null (pr_json_value_get_next (list));
}

static void
test_refused (void)
{
  const char *refused[] = {
    "",
    " ",
    "{",
    "}",
    "[]",
    "1",
    "\"a\"",
    "null",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{,}",
    "{a:1}",
    "{'a':1}",
    "{\"a\":1}{",
    "{\"a\":1} x",
    "{\"a\":01}",
    "{\"a\":+1}",
    "{\"a\":1.}",
    "{\"a\":.5}",
    "{\"a\":1e}",
    "{\"a\":-}",
    "{\"a\":0x10}",
    "{\"a\":NaN}",
    "{\"a\":tru}",
    "{\"a\":TRUE}",
    "{\"a\":[1,]}",
    "{\"a\":[1 2]}",
    "{\"a\":[}",
    "{\"a\":\"x}",
    "{\"a\":\"\\x41\"}",
    "{\"a\":\"\\u12\"}",
    "{\"a\":\"\\u12g4\"}",
    "{\"a\":\"\\u0000\"}",
    "{\"a\":\"\\ud83d\"}",
    "{\"a\":\"\\ud83d\\u0041\"}",
    "{\"a\":\"\\ude00\"}",
    "{\"a\":\"line\nbreak\"}",
    "{\"a\":\"\x80\"}",
    "\xef\xbb\xbf{\"a\":1}",
    "{\"a\":1,\"a\":2}",
    "{\"a\":1,\"\\u0061\":2}",
    "{\"in\":{\"a\":1,\"a\":1}}",
    "/* words */{\"a\":1}",
    "{\"a\":1}//",
    "<html><title>{\"a\":1}</title></html>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      char *reason = NULL;
      PrJson *json = pr_json_parse (refused[i], strlen (refused[i]), &reason);

      g_test_message ("%u: %s", i, reason);
      g_assert_null (json);
      g_assert_nonnull (reason);
    }
  g_assert_null (pr_json_parse ("{\"a\":\"b\0c\"}", 11, NULL));
  g_assert_null (pr_json_parse ("{\"a\":1}\0", 8, NULL));
}

/* A whole one is refused as soon as a byte at its end is missing. */
static void
test_cut (void)
{
  const char *text = "{\"a\":[1,{\"b\":\"\\u00e9\"},true],\"c\":-1.5e+3,\"d\":null}";
  g_autoptr (PrJson) whole = parse (text);

  g_assert_nonnull (whole);
  for (gsize n = 0; n < strlen (text); n++)
    {
      /* In memory of its own, so that a read behind the end is seen. */
      g_autofree char *cut = g_memdup2 (text, n);

      g_assert_null (pr_json_parse (cut != NULL ? cut : "", n, NULL));
    }
}

static char *
nest (guint depth)
{
  GString *text = g_string_new ("{\"a\":");

  for (guint i = 0; i < depth; i++)
    g_string_append_c (text, '[');
  for (guint i = 0; i < depth; i++)
    g_string_append_c (text, ']');
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

static char *
repeat (guint n)
{
  GString *text = g_string_new ("{\"a\":[0");

  for (guint i = 1; i < n; i++)
    g_string_append (text, ",0");
  g_string_append (text, "]}");
  return g_string_free (text, FALSE);
}

static void
test_bounds (void)
{
  g_autofree char *deep = nest (PR_JSON_DEPTH_MAX - 1);
  g_autofree char *too_deep = nest (PR_JSON_DEPTH_MAX);
  g_autofree char *abyss = nest (500000);
  g_autofree char *many = repeat (PR_JSON_VALUES_MAX - 2);
  g_autofree char *too_many = repeat (PR_JSON_VALUES_MAX - 1);
  g_autoptr (PrJson) a = parse (deep);
  g_autoptr (PrJson) b = parse (many);

  g_assert_nonnull (a);
  g_assert_nonnull (b);
  g_assert_null (parse (too_deep));
  g_assert_null (parse (abyss));
  g_assert_null (parse (too_many));
}

static void
test_writer (void)
{
  PrJsonWriter writer;
  g_autofree char *text = NULL;

  pr_json_writer_init (&writer);
  pr_json_writer_begin_object (&writer);
  pr_json_writer_name (&writer, "texts");
  pr_json_writer_begin_array (&writer);
  pr_json_writer_text (&writer, "a \"b\" \\ /");
  pr_json_writer_text (&writer, "\b\t\n\v\f\r\x1f\x7f é");
  pr_json_writer_text (&writer, "\xff!");
  pr_json_writer_text (&writer, NULL);
  pr_json_writer_end_array (&writer);
  pr_json_writer_name (&writer, "numbers");
  pr_json_writer_begin_array (&writer);
  pr_json_writer_integer (&writer, G_MININT64);
  pr_json_writer_integer (&writer, 0);
  pr_json_writer_integer (&writer, G_MAXINT64);
  pr_json_writer_eighths (&writer, 0);
  pr_json_writer_eighths (&writer, 97);
  pr_json_writer_eighths (&writer, -6);
  pr_json_writer_end_array (&writer);
  pr_json_writer_name (&writer, "");
  pr_json_writer_begin_object (&writer);
  pr_json_writer_end_object (&writer);
  pr_json_writer_name (&writer, "flags");
  pr_json_writer_begin_array (&writer);
  pr_json_writer_boolean (&writer, TRUE);
  pr_json_writer_boolean (&writer, FALSE);
  pr_json_writer_null (&writer);
  pr_json_writer_end_array (&writer);
  pr_json_writer_end_object (&writer);
  text = pr_json_writer_finish (&writer);
  g_assert_cmpstr (text, ==,
                   "{\"texts\":[\"a \\\"b\\\" \\\\ /\","
                   "\"\\b\\t\\n\\u000b\\f\\r\\u001f\\u007f é\",\"\xef\xbf\xbd!\",null],"
                   "\"numbers\":[-9223372036854775808,0,9223372036854775807,0.0,12.125,-0.75],"
                   "\"\":{},\"flags\":[true,false,null]}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/values", test_values);
  g_test_add_func ("/json/refused", test_refused);
  g_test_add_func ("/json/writer", test_writer);
  g_test_add_func ("/json/cut", test_cut);
  g_test_add_func ("/json/bounds", test_bounds);
  return g_test_run ();
}
