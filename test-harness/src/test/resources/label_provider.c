/*
 * A provider of security labels for the tests: takes any label but "never".
 *
 * The server's headers are not needed: what is used of them is declared here, for versions 14 to 18.
 *
 *   cc -shared -fPIC -DMAJOR=18 -o label_provider.so label_provider.c
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef unsigned int Oid;

typedef struct ObjectAddress
{
	Oid			classId;
	Oid			objectId;
	int32_t		objectSubId;
} ObjectAddress;

typedef void (*check_object_relabel_type) (const ObjectAddress *object, const char *label);

extern void register_label_provider(const char *name, check_object_relabel_type hook);
extern bool errstart(int level, const char *domain);
extern int	errcode(int code);
extern int	errmsg(const char *format,...);
extern void errfinish(const char *file, int line, const char *function);

#define ERROR 21

typedef struct Abi
{
	int			version;
	int			funcmaxargs;
	int			indexmaxkeys;
	int			namedatalen;
	int			float8byval;
#if MAJOR >= 15
	char		abi_extra[32];
#endif
} Abi;

typedef struct Magic
{
	int			len;
	Abi			abi;
#if MAJOR >= 18
	const char *name;
	const char *version;
#endif
} Magic;

static const Magic magic = {
	.len = sizeof(Magic),
	.abi = {
		.version = MAJOR * 100,
		.funcmaxargs = 100,
		.indexmaxkeys = 32,
		.namedatalen = 64,
		.float8byval = 1,
#if MAJOR >= 15
		.abi_extra = "PostgreSQL",
#endif
	},
};

const Magic *
Pg_magic_func(void)
{
	return &magic;
}

static void
check(const ObjectAddress *object, const char *label)
{
	if (label != NULL && strcmp(label, "never") == 0 && errstart(ERROR, NULL))
	{
		errmsg("this label is never taken");
		errfinish(__FILE__, __LINE__, __func__);
	}
}

void
_PG_init(void)
{
	register_label_provider("zdm \"test\"", check);
}
