/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include "smtp/sasl.h"

Test(sasl, supports_what_the_library_knows)
{
	static const struct {
		const char *name;
		bool supported;
	} rows[] = {
		{ "CRAM-MD5", true },
		{ "DIGEST-MD5", true },
		{ "EXTERNAL", true },
		{ "OAUTHBEARER", false },
		{ "NO-SUCH", false },
		{ "", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_expect_eq(sasl_supports(rows[i].name), rows[i].supported, "%s", rows[i].name);
}

Test(sasl, finds_every_function)
{
	struct failure why = { 0 };
	const struct sasl *sasl = sasl_load(&why);

	cr_assert_not_null(sasl, "%s", why.what);
	cr_expect_eq(sasl_load(&why), sasl);
	cr_expect(sasl->init != NULL && sasl->done != NULL && sasl->client_support_p != NULL);
	cr_expect(sasl->client_start != NULL && sasl->finish != NULL && sasl->step != NULL);
	cr_expect(sasl->property_set != NULL && sasl->property_fast != NULL);
	cr_expect(sasl->saslprep != NULL);
	cr_expect_str_not_empty(sasl->strerror(GSASL_NO_PASSWORD));
}
