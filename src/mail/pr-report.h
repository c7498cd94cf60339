/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-code.h"

G_BEGIN_DECLS

/**
 * PrReportStep:
 * @elapsed_us: microseconds that the step took; 0 if it was skipped
 * @detail: (nullable): facts in one line, for the technical details
 */
typedef struct
{
  PrStep id;
  PrOutcome outcome;
  PrCode code;
  gint64 elapsed_us;
  char *detail;
} PrReportStep;

/**
 * PrReportAddress:
 * @text: the address for people, such as "2001:db8::5"
 * @outcome: success: the connection; failure; cancelled: no answer yet when another one answered,
 *   or when the test was cancelled; skipped: not tried
 * @elapsed_us: microseconds from the attempt to its end
 * @error: (nullable): why it failed, in the words of the system
 *
 * What came of one address of the server.
 */
typedef struct
{
  char *text;
  PrOutcome outcome;
  gint64 elapsed_us;
  char *error;
} PrReportAddress;

/**
 * PrTranscriptLine:
 * @at_us: microseconds since the start of the test
 * @text: what was said, safe to show; secrets were left out when it was recorded
 */
typedef struct
{
  gint64 at_us;
  gboolean from_server;
  char *text;
} PrTranscriptLine;

/**
 * PrCertificate:
 * @names: the host names and addresses that it is for (subjectAltName, else the common name)
 * @not_before: microseconds since 1970
 * @not_after: microseconds since 1970
 * @sha256: fingerprint of the DER form, 64 lower-case hex digits
 * @problems: #PrCode of everything that is wrong with it, not only the first thing found
 * @n_problems: how many
 * @pin: (nullable): the fingerprint that the profile demands
 * @pinned: it is accepted because it is exactly the pinned one, and for no other reason: it has
 *   problems, and nobody vouches for it
 * @revocation_checked: whether the authority's own answer to "is it still valid?" came along (OCSP,
 *   RFC 6066 section 8); nobody else is asked
 *
 * What the server's own certificate says, and what is wrong with it or its chain.
 */
typedef struct
{
  char *subject;
  char *issuer;
  char **names;
  gint64 not_before;
  gint64 not_after;
  char *sha256;
  char *key; /* such as "ECDSA 256 bits" */
  guint chain_length;
  PrCode problems[10];
  guint n_problems;
  char *pin;
  gboolean pinned;
  gboolean revocation_checked;
} PrCertificate;

/**
 * PrNoticeKind:
 * @PR_NOTICE_UNENCRYPTED: neither password nor messages were private (RFC 8314 section 5)
 * @PR_NOTICE_PORT_25: mail is handed in on the port for servers among themselves
 * @PR_NOTICE_PINNED: the certificate is pinned, and not verified
 * @PR_NOTICE_WEAK_MECHANISM: the log-in can be broken by whoever hears it
 * @PR_NOTICE_LOGIN_DELAY: the server wants more seconds between two log-ins than the polling
 * interval has
 * @PR_NOTICE_EXPIRE: the server may delete messages after so many days, 0: once they were read
 *
 * What somebody should know although it works.
 */
typedef enum
{
  PR_NOTICE_UNENCRYPTED,
  PR_NOTICE_PORT_25,
  PR_NOTICE_PINNED,
  PR_NOTICE_WEAK_MECHANISM,
  PR_NOTICE_LOGIN_DELAY,
  PR_NOTICE_EXPIRE,
} PrNoticeKind;
#define PR_N_NOTICES (PR_NOTICE_EXPIRE + 1)

/**
 * PrNotice:
 * @number: seconds or days; 0 where the kind has none
 *
 * One of them.
 */
typedef struct
{
  PrNoticeKind kind;
  guint number;
} PrNotice;

#define PR_EXPIRE_UNKNOWN (-1) /* the server does not say */
#define PR_EXPIRE_NEVER (-2)

/**
 * PrOffer:
 * @size_limit: SMTP: bytes of the largest message (RFC 1870); 0: no limit is stated
 * @eight_bit: SMTP: 8BITMIME (RFC 6152)
 * @utf8: addresses beyond ASCII: SMTPUTF8 (RFC 6531), UTF8 (RFC 6856)
 * @uidl: POP3: unique ids
 * @top: POP3: heads of messages
 * @login_delay_s: POP3: least seconds between two log-ins (RFC 2449 section 6.5); 0: none are
 * stated
 * @expire_days: POP3: days that messages stay (RFC 2449 section 6.7), %PR_EXPIRE_NEVER or
 *   %PR_EXPIRE_UNKNOWN
 *
 * What the capabilities of a server come to.
 */
typedef struct
{
  guint64 size_limit;
  gboolean eight_bit;
  gboolean utf8;
  gboolean uidl;
  gboolean top;
  guint login_delay_s;
  int expire_days;
} PrOffer;

/**
 * PrDifference:
 * @was: (nullable): in the last test that succeeded
 * @is: (nullable): in this one
 *
 * One way in which a test differs from the last one that succeeded.
 */
typedef struct
{
  PrDifferenceKind kind;
  char *was;
  char *is;
} PrDifference;

/**
 * PrReport:
 *
 * How one test of one direction went. A conversation fills it; from then on it does not change
 * and may be shared between threads.
 */
typedef struct
{
  gatomicrefcount refs;

  /* What was tested. */
  char *environment; /* (nullable) */
  char *profile;     /* (nullable) */
  char *mailbox;     /* (nullable): its address */
  PrDirection direction;
  PrProtocol protocol;
  char *host;
  guint16 port;
  PrSecurity security;
  char *username; /* (nullable) */

  /* The verdict of the conversation. */
  PrOutcome outcome;
  PrCode code;
  PrPermanence permanence;
  PrScope scope;
  char *detail;           /* (nullable): facts about the failure */
  char *server_reply;     /* (nullable): the server's words, line breaks kept */
  char *answer_id;        /* (nullable): the known answer that it is (data/answers.ini) */
  char *remedy_id;        /* (nullable): which sentence says what to do, instead of the code's */
  char *found_protocol;   /* (nullable): wrong-protocol: what answered, such as "IMAP" */
  PrStep failed_step;     /* where it failed; meaningless on success */
  guint16 suggested_port; /* 0: nothing better is known */
  PrSecurity suggested_security;
  guint wait_s; /* before the next try: announced by the server, or known of it; 0: neither */

  /* Facts. */
  char *mechanism;   /* (nullable) */
  char *tls_version; /* (nullable) */
  char *tls_cipher;  /* (nullable) */
  PrCertificate *certificate;
  char **capabilities; /* (nullable) */
  char **mechanisms;   /* (nullable): those that the server offered */
  PrOffer offer;
  PrNotice notices[PR_N_NOTICES]; /* each kind at most once */
  guint n_notices;
  guint n_messages; /* STAT */
  char *newest_uid; /* (nullable): UIDL of the last of them; written nowhere */
  guint64 maildrop_bytes;

  /* Times. */
  gint64 started_at; /* microseconds since 1970 */
  gint64 elapsed_us;
  guint round_trips;
  guint attempt;
  gint64 next_attempt_at; /* microseconds since 1970; 0: none */

  GPtrArray *addresses;   /* of PrReportAddress: those of the server, in the order of trying */
  GPtrArray *steps;       /* of PrReportStep */
  GPtrArray *transcript;  /* of PrTranscriptLine */
  GPtrArray *differences; /* of PrDifference: found by whoever keeps what was before */
} PrReport;

PrReport *pr_report_new (void);
PrReport *pr_report_ref (PrReport *self);
void pr_report_unref (PrReport *self);

GPtrArray *pr_report_address_array_new (void);
PrReportStep *pr_report_add_step (PrReport *self, PrStep id, PrOutcome outcome);
PrReportStep *pr_report_find_step (const PrReport *self, PrStep id);
void pr_report_add_line (PrReport *self, gint64 at_us, gboolean from_server, char *text);
void
pr_report_add_difference (PrReport *self, PrDifferenceKind kind, const char *was, const char *is);
const PrDifference *pr_report_find_difference (const PrReport *self, PrDifferenceKind kind);

void pr_report_add_notice (PrReport *self, PrNoticeKind kind, guint number);
const PrNotice *pr_report_find_notice (const PrReport *self, PrNoticeKind kind);
const char *pr_notice_kind_to_word (PrNoticeKind kind);

PrCertificate *pr_certificate_new (void);
PrCertificate *pr_certificate_copy (const PrCertificate *self);
void pr_certificate_free (PrCertificate *self);
void pr_certificate_add_problem (PrCertificate *self, PrCode problem);
gboolean pr_certificate_has_problem (const PrCertificate *self, PrCode problem);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrReport, pr_report_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrCertificate, pr_certificate_free)

G_END_DECLS
