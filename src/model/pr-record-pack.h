/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-record.h"

G_BEGIN_DECLS

/**
 * PrRecordPack:
 *
 * Records of one class, in the least memory: of each only what is not as it is at the start.
 */
typedef struct _PrRecordPack PrRecordPack;

PrRecordPack *pr_record_pack_new (const PrField *fields, guint n_fields);
PrRecordPack *pr_record_pack_ref (PrRecordPack *self);
void pr_record_pack_unref (PrRecordPack *self);

void pr_record_pack_add (PrRecordPack *self, const PrValues *values);
guint pr_record_pack_get_length (const PrRecordPack *self);
PrValues *pr_record_pack_read (const PrRecordPack *self, gsize *position);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrRecordPack, pr_record_pack_unref)

G_END_DECLS
