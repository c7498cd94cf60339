/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PrPrompterAnswer:
 * @PR_PROMPTER_REFUSES: closes the dialog without a password
 * @PR_PROMPTER_WAITS: does not answer before pr_prompter_answer(), as a person who is away
 * @PR_PROMPTER_UNLOCKS: opens the keyring
 *
 * What the pretended person does when the keyring asks for its password.
 */
typedef enum
{
  PR_PROMPTER_REFUSES,
  PR_PROMPTER_WAITS,
  PR_PROMPTER_UNLOCKS,
} PrPrompterAnswer;

/**
 * PrPrompter:
 *
 * Stands in for the desktop's dialog that asks for the password of a keyring.
 */
typedef struct _PrPrompter PrPrompter;

PrPrompter *pr_prompter_new (PrPrompterAnswer answer);
void pr_prompter_free (PrPrompter *self);
void pr_prompter_answer (PrPrompter *self, PrPrompterAnswer answer);
guint pr_prompter_get_n_asked (PrPrompter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrPrompter, pr_prompter_free)

G_END_DECLS
