"""Rules over the syntax tree of the sources; each yields (line, what is wrong) for one file.

A rule takes the file's path as it is written from the repository's root, and its tree. What is allowed somewhere is
said in `exemptions.py` with the reason.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

Fault = tuple[int, str]
Rule = Callable[[str, ast.Module], Iterator[Fault]]
Function = ast.FunctionDef | ast.AsyncFunctionDef

LONGEST_FUNCTION = 40
JUNK_DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc"}
REQUEST_DATA = {"GET", "POST", "COOKIES", "FILES", "META", "headers", "body"}
ORM_WORDS = {"filter", "exclude", "get", "create", "update", "order_by", "values", "annotate", "aggregate", "Q"}
READS_ONE = {"get", "aget", "in_bulk"}
SCOPES = {"visible_to", "binned_visible_to"}
QUERIES = {"objects", "_default_manager", "_base_manager", "filter", "exclude", "select_for_update"} | SCOPES
ALWAYS_WRITES = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "save"}
LINK_WRITES = {"add", "set", "remove", "clear"}
RAW_SQL = {"raw", "extra", "execute", "executemany", "executescript", "cursor", "RawSQL"}
UNESCAPED = {"Markup", "mark_safe", "SafeString", "format_html"}
OUTGOING = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "urllib3", "smtplib", "ftplib", "ldap3"}
CODE = {"eval", "exec", "compile", "__import__"}
UNPICKLED = {"pickle", "cPickle", "marshal", "shelve", "dill", "yaml", "jsonpickle"}
CLOCKS = {"now", "localtime", "localdate", "today", "utcnow", "time", "monotonic"}
CLOCK_OWNERS = {"timezone", "datetime", "date", "time", "dt"}


def dotted(node: ast.AST) -> str:
    """Return the names of an expression such as `timezone.now`, calls and subscripts left out."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Subscript):
        return dotted(node.value)
    return node.id if isinstance(node, ast.Name) else ""


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str, list[str]]]:
    """Give each call with the name it calls and the names before it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            *before, name = dotted(node.func).split(".")
            yield node, name, before


def functions(tree: ast.AST) -> Iterator[Function]:
    """Give each function and method."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def no_junk_drawers(path: str, tree: ast.Module) -> Iterator[Fault]:
    """A file is named for what it holds."""
    if JUNK_DRAWERS & {PurePosixPath(part).stem for part in PurePosixPath(path).parts}:
        yield 1, "a junk drawer: name the file for what it holds"


def no_signals(path: str, tree: ast.Module) -> Iterator[Fault]:
    """What happens is called by name, not sent as a signal."""
    for node in ast.walk(tree):
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        modules += [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if any(module == "django.dispatch" or "signals" in module.split(".") for module in modules):
            yield node.lineno, "a signal: call the function by name"
    for function in functions(tree):
        for decorator in function.decorator_list:
            if dotted(decorator).endswith("receiver"):
                yield function.lineno, "a signal: call the function by name"


def no_imports_inside_functions(path: str, tree: ast.Module) -> Iterator[Fault]:
    """Imports stand at the top; an AppConfig's `ready` is the one place where Django needs them later."""
    for function in functions(tree):
        if path.endswith("/apps.py") and function.name == "ready":
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield node.lineno, f"an import inside {function.name}()"


def no_raw_sql(path: str, tree: ast.Module) -> Iterator[Fault]:
    """The ORM writes the SQL."""
    for call, name, before in calls(tree):
        if name in RAW_SQL and (before or name == "RawSQL") and before[:1] != ["super"]:
            yield call.lineno, f"raw SQL by {name}()"


def no_unescaped_text(path: str, tree: ast.Module) -> Iterator[Fault]:
    """HTML is made by templates."""
    for call, name, _ in calls(tree):
        if name in UNESCAPED:
            yield call.lineno, f"{name}() outside web"


def no_way_out(path: str, tree: ast.Module) -> Iterator[Fault]:
    """Nothing is asked of other servers: no address that people type could lead there."""
    yield from _imported(tree, OUTGOING, "asks other servers")
    for call, name, _ in calls(tree):
        if name in {"urlopen", "urlretrieve", "create_connection", "send_mail", "mail_admins"}:
            yield call.lineno, f"{name}() asks other servers"


def no_code_from_text(path: str, tree: ast.Module) -> Iterator[Fault]:
    """Text is never run, and nothing is unpacked into objects of any kind."""
    yield from _imported(tree, UNPICKLED, "unpacks objects of any kind")
    for call, name, before in calls(tree):
        if name in CODE and not before:
            yield call.lineno, f"{name}() runs text"
        if any(word.arg == "shell" and not _is_false(word.value) for word in call.keywords) or dotted(call.func) in {
            "os.system",
            "os.popen",
        }:
            yield call.lineno, "a shell: give the program and its words"


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _imported(tree: ast.AST, modules: set[str], fault: str) -> Iterator[Fault]:
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        if any(name == module or name.startswith(f"{module}.") for name in names for module in modules):
            yield node.lineno, f"{names[0]} {fault}"


def no_request_data_in_queries(path: str, tree: ast.Module) -> Iterator[Fault]:
    """What people send never names columns: no `filter(**request.GET)`, no `order_by(request.GET["sort"])`."""
    for function in functions(tree):
        tainted = tainted_names(function)
        for call, name, _ in calls(function):
            spread = [word.value for word in call.keywords if word.arg is None]
            spread += [one.value for one in call.args if isinstance(one, ast.Starred)]
            spread += call.args if name == "order_by" else []
            if name in ORM_WORDS and any(is_request_data(value, tainted) for value in spread):
                yield call.lineno, f"request data chooses the columns of {name}()"


def tainted_names(function: ast.AST) -> set[str]:
    """Return the variables of a function that hold request data, or something made of it."""
    tainted: set[str] = set()
    assignments = [node for node in ast.walk(function) if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr)]
    for node in sorted(assignments, key=lambda one: one.lineno):
        if node.value is not None and is_request_data(node.value, tainted):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            tainted |= {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return tainted


def is_request_data(value: ast.AST, tainted: set[str]) -> bool:
    """Say whether an expression holds what people sent; a form cleans it, and a dict's own keys are not theirs."""
    if isinstance(value, ast.Dict):
        return any(is_request_data(key, tainted) for key in value.keys if key is not None)
    if isinstance(value, ast.Call) and dotted(value.func).lower().endswith("form"):
        return False
    if isinstance(value, ast.Attribute) and value.attr in REQUEST_DATA and dotted(value.value).endswith("request"):
        return True
    if isinstance(value, ast.Name):
        return value.id in tainted
    return any(is_request_data(part, tainted) for part in ast.iter_child_nodes(value))


def no_unscoped_reads(path: str, tree: ast.Module) -> Iterator[Fault]:
    """A page takes one record only from the rows that its user may see."""
    for call, name, before in calls(tree):
        if name in {"get_object_or_404", "get_list_or_404"}:
            yield call.lineno, f"{name}(): use visible_to(user)"
        elif name in READS_ONE and "objects" in before and not SCOPES & set(before):
            yield call.lineno, f"{'.'.join([*before, name])}(): use visible_to(user)"


def no_writes_outside_change_sets(path: str, tree: ast.Module, links: frozenset[str] = frozenset()) -> Iterator[Fault]:
    """Only history writes; `links` are the names of many-to-many fields."""
    mappings = mapping_names(tree)
    for call, name, before in calls(tree):
        on_rows = bool(QUERIES & set(before))
        written = (
            name in ALWAYS_WRITES
            or (name == "create" and on_rows)
            or (name == "update" and not call.args and (on_rows or not mappings & set(before[-1:])))
            or (name == "delete" and not call.args and not call.keywords)
            or (name in LINK_WRITES and bool(links & set(before[-1:])))
        )
        if written and "change" not in before:
            yield call.lineno, f"{'.'.join([*before, name])}() writes without a change set"


def mapping_names(tree: ast.AST) -> set[str]:
    """Return the variables of a file that are plain dicts, and Jinja's own registers."""
    names = {"globals", "filters"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            is_dict = isinstance(node.value, ast.Dict | ast.DictComp) or dotted(node.value) == "dict"
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {dotted(target).rpartition(".")[2] for target in targets if is_dict}
    return names


def many_to_many_names(tree: ast.Module) -> set[str]:
    """Return the names under which many-to-many fields are reached, from both sides."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and dotted(node.value).endswith("ManyToManyField"):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            names |= {word for word in _words(node.value, "related_name") if word != "+"}
    return names


def _words(call: ast.expr, argument: str) -> Iterator[str]:
    for word in call.keywords if isinstance(call, ast.Call) else []:
        if word.arg == argument and isinstance(word.value, ast.Constant):
            yield str(word.value.value)


def short_functions(path: str, tree: ast.Module) -> Iterator[Fault]:
    """No function is longer than a screen."""
    for function in functions(tree):
        length = (function.end_lineno or 0) - function.lineno + 1
        if length > LONGEST_FUNCTION:
            yield function.lineno, f"{function.name}() has {length} lines"


def plain_actions(path: str, tree: ast.Module) -> Iterator[Fault]:
    """An action takes keywords and a change; it reads neither the request nor the clock."""
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_"):
            yield from _signature_faults(function)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.arg) and getattr(node, "id", getattr(node, "arg", "")) == "request":
            yield node.lineno, "an action knows nothing of requests"
    for call, name, before in calls(tree):
        if name in CLOCKS and before and before[-1] in CLOCK_OWNERS:
            yield call.lineno, f"an action takes the time from change.at, not from {'.'.join([*before, name])}()"


def _signature_faults(function: ast.FunctionDef) -> Iterator[Fault]:
    positional = [argument.arg for argument in [*function.args.posonlyargs, *function.args.args]]
    if "change" in positional:
        yield function.lineno, f"{function.name}() takes its change without a keyword"
    elif "change" in {argument.arg for argument in function.args.kwonlyargs} and len(positional) > 1:
        yield function.lineno, f"{function.name}(): only the record itself may come without a keyword"
