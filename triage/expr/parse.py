"""From the text of a condition to its typed tree.

The text is a small subset of Python's expression syntax. `ast` reads it, nothing evaluates it, and every
node that is not named here is an error with its column.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import NoReturn, TypeVar

from triage.errors import did_you_mean
from triage.expr.evaluate import LIKELY, POSSIBLE
from triage.expr.symbols import Kind, Scope, Symbol
from triage.expr.tree import (
    Amount,
    And,
    AtLeast,
    Compare,
    Count,
    Fact,
    Known,
    Leads,
    Maybe,
    Node,
    Not,
    Number,
    Option,
    Or,
    Outcome,
    Reported,
    Support,
    Surely,
    Taken,
    TimesEarlier,
    TimesUpper,
)
from triage.model.values import TAKEN, WORDS

LONGEST = 6000
_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
}
_T = TypeVar("_T")
_TRUTHS = (Kind.FINDING, Kind.TRUTH)


class ExpressionError(Exception):
    """A condition that cannot be read.

    Parameters
    ----------
    says
        What is wrong and what to do.
    column
        Where, counted from 1 in characters.
    """

    def __init__(self, says: str, column: int) -> None:
        super().__init__(says)
        self.says = says
        self.column = column


def parse_condition(text: str, scope: Scope) -> Node:
    """Return the tree of a condition.

    Raises
    ------
    ExpressionError
        If the text is no condition over the names of `scope`.
    """
    return _Parser(text, scope).condition()


def parse_number(text: str, scope: Scope) -> Number:
    """Return the tree of a number, such as ``count(a, b)`` or ``times_upper(ix.ck)``."""
    return _Parser(text, scope).whole_number()


class _Parser:
    def __init__(self, text: str, scope: Scope) -> None:
        self._text = text
        self._scope = scope

    def condition(self) -> Node:
        # A third of the conditions are one name: no need to take them apart.
        symbol = self._scope.get(self._text)
        if symbol is not None and (symbol.kind in _TRUTHS or symbol.truth):
            return Fact(symbol.id)
        return self._guard(self._truth)

    def whole_number(self) -> Number:
        return self._guard(self._number)

    def _guard(self, read: Callable[[ast.expr], _T]) -> _T:
        if len(self._text) > LONGEST:
            raise ExpressionError(
                f"the expression is longer than {LONGEST} characters: split it", 1
            )
        try:
            return read(ast.parse(self._text.strip(), mode="eval").body)
        except SyntaxError as error:
            raise ExpressionError(
                f"this is not an expression ({error.msg}): check parentheses, quotes and operators",
                error.offset or 1,
            ) from None
        except (ValueError, RecursionError, MemoryError):
            raise ExpressionError("this cannot be read: split or simplify it", 1) from None

    # -- truths ---------------------------------------------------------------------------------

    def _truth(self, expr: ast.expr) -> Node:
        match expr:
            case ast.Name() | ast.Attribute():
                symbol = self._symbol(expr)
                if symbol.kind in _TRUTHS or symbol.truth:
                    return Fact(symbol.id)
                self._fail(expr, _not_a_truth(symbol))
            case ast.BoolOp(op=ast.And(), values=values):
                return And(tuple(self._truth(value) for value in values))
            case ast.BoolOp(op=ast.Or(), values=values):
                return Or(tuple(self._truth(value) for value in values))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self._truth(operand))
            case ast.Compare():
                tests = self._compare(expr)
                if len(tests) != 1:
                    self._fail(
                        expr, "this compares several answers at once: wrap it in any_of or all_of"
                    )
                return tests[0]
            case ast.Call(func=ast.Name(id=name)) if name in _FUNCTIONS:
                if expr.keywords:
                    self._fail(expr, "arguments have no names here")
                return _FUNCTIONS[name](self, expr)
            case ast.Call(func=ast.Name(id=name)):
                self._fail(expr, f"there is no function {name!r}{self._function_hint(name)}")
        self._fail(expr, "this is not allowed in a condition: use and, or, not, comparisons, names")

    def _items(
        self, args: list[ast.expr], at: ast.expr, *, wholes: bool = True
    ) -> tuple[Node, ...]:
        """Return the truths of a list of arguments, groups spelled out.

        With `wholes`, what was found without a side counts beside what was found on one.
        """
        items: list[Node] = []
        for arg in args:
            match arg:
                case ast.Name() | ast.Attribute():
                    items += [Fact(symbol.id) for symbol in self._truths(arg)]
                case ast.Compare():
                    items += self._compare(arg, wholes=wholes)
                case ast.Call(func=ast.Name(id="known")):
                    known = self._members(self._only(arg), wholes=wholes)
                    items += [_known(symbol) for symbol, _ in known]
                case _:
                    items.append(self._truth(arg))
        if not items:
            self._fail(at, "give at least one argument")
        return tuple(items)

    def _truths(self, expr: ast.expr) -> list[Symbol]:
        symbol = self._symbol(expr)
        if symbol.truth:
            return [symbol]
        symbols = [symbol for symbol, _ in self._members(expr)]
        for symbol in symbols:
            if symbol.kind not in _TRUTHS and not symbol.truth:
                self._fail(expr, _not_a_truth(symbol))
        return symbols

    def _has(self, call: ast.Call) -> Node:
        if len(call.args) < 2:
            self._fail(call, "write has(list, 'option', …)")
        symbol = self._symbol(call.args[0])
        if not symbol.listed:
            self._fail(call.args[0], f"{symbol.id!r} is not a list of options")
        facts: list[Node] = []
        options = {member.rsplit(".", 1)[1] for member in symbol.members}
        for arg in call.args[1:]:
            option = self._string(arg)
            if option not in options:
                self._fail(
                    arg, f"{symbol.id!r} has no option {option!r}{did_you_mean(option, options)}"
                )
            facts.append(Fact(f"{symbol.id}.{option}"))
        return facts[0] if len(facts) == 1 else Or(tuple(facts))

    def _at_least(self, call: ast.Call) -> Node:
        match call.args:
            case [ast.Constant(value=int() as n), *rest] if rest and n is not True:
                return AtLeast(n, self._items(rest, call))
        self._fail(call, "write at_least(number, condition, …)")

    def _known(self, call: ast.Call) -> Node:
        symbol = self._symbol(self._only(call))
        known = tuple(_known(member) for member, _ in self._members(self._only(call)))
        if symbol.listed:
            return Or((*(Fact(member) for member in symbol.members), And(known)))
        if symbol.kind is Kind.GROUP and symbol.truth is False and len(known) > 2:
            self._fail(call, "this is several answers: write any_of(known(…)) or all_of(known(…))")
        return known[0] if len(known) == 1 else And(known)

    def _support(self, call: ast.Call, score: int) -> Node:
        return Support(self._condition(self._only(call), call), score)

    def _leads(self, call: ast.Call) -> Node:
        """Return whether any of some conditions leads."""
        if not call.args:
            self._fail(call, "give at least one condition")
        leading = tuple(Leads(self._condition(arg, call)) for arg in call.args)
        return leading[0] if len(leading) == 1 else Or(leading)

    def _condition(self, arg: ast.expr, call: ast.Call) -> str:
        symbol = self._symbol(arg)
        if symbol.kind is not Kind.CONDITION:
            self._fail(call, f"{symbol.id!r} is not a condition of conditions.toml")
        return symbol.id

    # -- comparisons ----------------------------------------------------------------------------

    def _compare(self, expr: ast.Compare, *, wholes: bool = False) -> list[Node]:
        if len(expr.ops) != 1:
            self._fail(expr, "comparisons are not chained: join two with 'and'")
        op = _OPERATORS.get(type(expr.ops[0]))
        left, right = expr.left, expr.comparators[0]
        if op is None:
            self._fail(expr, "use ==, !=, <, <=, >, >= or in")
        match left:
            case ast.Call(func=ast.Name(id="taken")):
                return [self._taken(left, op, right)]
        if isinstance(left, ast.Call) or self._symbol(left).kind is Kind.NUMBER:
            return [self._plain_compare(self._number(left), op, right)]
        members = self._members(left, wholes=wholes)
        return [self._test(symbol, op, right, left, beside) for symbol, beside in members]

    def _test(self, symbol: Symbol, op: str, right: ast.expr, left: ast.expr, beside: bool) -> Node:
        match symbol.kind:
            case Kind.CHOICE:
                return self._option(symbol, op, right, beside)
            case Kind.QUANTITY if beside:
                return And((Known(symbol.id), self._quantity(symbol, op, right)))
            case Kind.QUANTITY:
                return self._quantity(symbol, op, right)
            case Kind.RESULT:
                words = self._strings(right) if op in ("==", "in") else ()
                if words and set(words) <= set(WORDS):
                    return Reported(symbol.id, frozenset(words))
                return self._quantity(symbol, op, right)
            case Kind.OPTIONS:
                options = self._options(symbol, op, right)
                outcome = Outcome(symbol.id, frozenset(options))
                return Not(outcome) if op == "!=" else outcome
        self._fail(left, f"{symbol.id!r} is a {symbol.kind.value} and cannot be compared")

    def _option(self, symbol: Symbol, op: str, right: ast.expr, beside: bool) -> Node:
        chosen = self._options(symbol, op, right)
        key = (id(symbol.options), op, chosen)
        table = self._scope.tables.get(key)
        if table is None:
            table = self._scope.tables[key] = self._table(symbol, op, chosen, right)
        return Option(symbol.id, table, symbol.also, f"{op} {', '.join(chosen)}", beside)

    def _table(
        self, symbol: Symbol, op: str, chosen: tuple[str, ...], right: ast.expr
    ) -> Mapping[str, bool | None]:
        if op in ("==", "!=", "in"):
            return {option: (option in chosen) != (op == "!=") for option in symbol.options}
        if not symbol.ordered:
            self._fail(right, f"the options of {symbol.id!r} have no order: use == or in")
        limit = symbol.options[chosen[0]]
        if limit is None:
            self._fail(right, f"{chosen[0]!r} has no place in the order of {symbol.id!r}")
        return {option: _graded(symbol, option, op, limit) for option in symbol.options}

    def _options(self, symbol: Symbol, op: str, right: ast.expr) -> tuple[str, ...]:
        chosen = self._strings(right)
        if op != "in" and len(chosen) != 1:
            self._fail(right, "compare with one quoted option, or use in")
        for option in chosen:
            if option not in symbol.options:
                hint = did_you_mean(option, symbol.options)
                self._fail(right, f"{symbol.id!r} has no option {option!r}{hint}")
        return chosen

    def _taken(self, call: ast.Call, op: str, right: ast.expr) -> Node:
        if len(call.args) != 2:
            self._fail(call, "write taken(result, 'attack')")
        symbol, when = self._symbol(call.args[0]), self._string(call.args[1])
        if symbol.kind is not Kind.RESULT:
            self._fail(call, f"{symbol.id!r} is not a result")
        if when not in TAKEN:
            self._fail(call.args[1], f"a result is taken at one of {', '.join(TAKEN)}")
        return self._quantity(symbol, op, right, Taken(symbol.id, when))

    def _quantity(
        self, symbol: Symbol, op: str, right: ast.expr, number: Number | None = None
    ) -> Node:
        text = self._string(right)
        digits, _, unit = text.partition(" ")
        try:
            limit = Decimal(digits)
        except InvalidOperation:
            self._fail(right, f"{text!r} is not a number with a unit, such as '3.5 mmol/L'")
        if unit != symbol.unit or not limit.is_finite():
            self._fail(
                right, f"write the limit in the unit of {symbol.id!r}: '{digits} {symbol.unit}'"
            )
        if op == "in":
            self._fail(right, "compare a number with one limit")
        return Compare(number or Amount(symbol.id), op, limit, f"{op} {text}")

    def _plain_compare(self, number: Number, op: str, right: ast.expr) -> Node:
        match right:
            case ast.Constant(value=int() | float()) if not isinstance(right.value, bool):
                if op == "in":
                    self._fail(right, "compare a number with one limit")
                limit = Decimal(str(right.value))
                return Compare(number, op, limit, f"{op} {limit}")
        self._fail(right, "compare a count or a named number with a plain number")

    def _number(self, expr: ast.expr) -> Number:
        match expr:
            case ast.Call(func=ast.Name(id="count")):
                return Count(self._items(expr.args, expr))
            case ast.Call(func=ast.Name(id="times_upper")):
                symbol = self._symbol(self._only(expr))
                if symbol.kind is not Kind.RESULT:
                    self._fail(expr, f"{symbol.id!r} is not a result")
                return TimesUpper(symbol.id)
            case ast.Call(func=ast.Name(id="times_earlier")):
                symbol = self._symbol(self._only(expr))
                if symbol.kind is not Kind.RESULT:
                    self._fail(expr, f"{symbol.id!r} is not a result")
                return TimesEarlier(symbol.id)
            case ast.Name() | ast.Attribute():
                symbol = self._symbol(expr)
                if symbol.kind in (Kind.NUMBER, Kind.QUANTITY, Kind.RESULT):
                    return Amount(symbol.id)
        self._fail(
            expr,
            "this is not a number: use count(…), times_upper(…), times_earlier(…) or a named number",
        )

    # -- names and literals ---------------------------------------------------------------------

    def _symbol(self, expr: ast.expr) -> Symbol:
        parts: list[str] = []
        node = expr
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            self._fail(expr, "an id is expected here")
        name = ".".join([node.id, *reversed(parts)])
        symbol = self._scope.get(name)
        if symbol is None:
            self._fail(expr, f"there is no {name!r}{self._scope.closest(name)}")
        return symbol

    def _members(self, expr: ast.expr, *, wholes: bool = False) -> list[tuple[Symbol, bool]]:
        """Return what the name stands for: itself, or the members of a group of groups.

        With `wholes`, also what stands beside the members of a group, marked as such.
        """
        todo = [(self._symbol(expr), False)]
        found: list[tuple[Symbol, bool]] = []
        while todo:
            symbol, beside = todo.pop(0)
            if not symbol.members:
                found.append((symbol, beside))
                continue
            below = [self._scope.get(member) for member in symbol.members]
            whole = [(symbol.whole, True)] if wholes and symbol.whole else []
            todo = [(member, False) for member in below if member is not None] + whole + todo
        return found

    def _only(self, call: ast.Call) -> ast.expr:
        if len(call.args) != 1:
            self._fail(call, "this function takes one argument")
        return call.args[0]

    def _string(self, expr: ast.expr) -> str:
        match expr:
            case ast.Constant(value=str() as text):
                return text
        self._fail(expr, "put this in single quotes")

    def _strings(self, expr: ast.expr) -> tuple[str, ...]:
        if isinstance(expr, ast.Tuple):
            return tuple(self._string(item) for item in expr.elts)
        return (self._string(expr),)

    def _function_hint(self, name: str) -> str:
        return did_you_mean(name, [*_FUNCTIONS, "count", "times_upper", "times_earlier", "taken"])

    def _fail(self, at: ast.expr, says: str) -> NoReturn:
        lead = len(self._text) - len(self._text.lstrip())
        line = self._text.strip().encode()[: at.col_offset]
        raise ExpressionError(says, lead + len(line.decode(errors="ignore")) + 1)


# What each function makes of its arguments.
_FUNCTIONS: dict[str, Callable[[_Parser, ast.Call], Node]] = {
    "has": _Parser._has,
    "any_of": lambda parser, call: Or(parser._items(call.args, call)),
    "all_of": lambda parser, call: And(parser._items(call.args, call, wholes=False)),
    "at_least": _Parser._at_least,
    "known": _Parser._known,
    "maybe": lambda parser, call: Maybe(parser._truth(parser._only(call))),
    "surely": lambda parser, call: Surely(parser._truth(parser._only(call))),
    "possible": lambda parser, call: parser._support(call, POSSIBLE),
    "likely": lambda parser, call: parser._support(call, LIKELY),
    "leads": lambda parser, call: parser._leads(call),
}


def _known(symbol: Symbol) -> Node:
    return Known(symbol.id)


def _graded(symbol: Symbol, option: str, op: str, limit: int) -> bool | None:
    """Return how a grade compares; None where an ungraded word lies on both sides."""
    if option in symbol.spans:
        low, high = (symbol.options[end] for end in symbol.spans[option])
        outcomes = {_ranked(end, op, limit) for end in (low, high) if end is not None}
        return outcomes.pop() if len(outcomes) == 1 else None
    rank = symbol.options[option]
    return None if rank is None else _ranked(rank, op, limit)


def _ranked(rank: int, op: str, limit: int) -> bool:
    return {"<": rank < limit, "<=": rank <= limit, ">": rank > limit, ">=": rank >= limit}[op]


def _not_a_truth(symbol: Symbol) -> str:
    match symbol.kind:
        case Kind.GROUP:
            return f"{symbol.id!r} stands for several answers: wrap it in any_of or all_of"
        case Kind.CONDITION:
            return (
                f"{symbol.id!r} is a condition: write possible({symbol.id}) or likely({symbol.id})"
            )
    return f"{symbol.id!r} is a {symbol.kind.value}, not yes or no: compare it with something"
