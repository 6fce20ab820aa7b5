# SPDX-License-Identifier: ISC

EXTRA_DIST += %D%/quickstart.sh %D%/relayrc \
	%D%/tables/aliases %D%/tables/generic %D%/tables/transport %D%/tables/sasl_passwd
