"""A model together with the ones it imports: what a name or a reference means there. 6.3.3."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.decisions.elements import DrgElement, Import, ItemDefinition, Model, Reference, TypeName


class Library:
    """Models by namespace; the first is the one that is asked."""

    def __init__(self, main: Model, imported: Sequence[Model] = ()) -> None:
        self.main = main
        self._models = {one.namespace: one for one in (*imported, main)}
        self._items = {
            namespace: {item.name: item for item in model.items}
            for namespace, model in self._models.items()
        }

    def model(self, namespace: str) -> Model | None:
        """Return the model of a namespace, if it was given."""
        return self._models.get(namespace)

    def reached(self) -> Iterator[Model]:
        """Yield the main model and every one it imports, directly or through another."""
        pending, seen = [self.main], {self.main.namespace}
        while pending:
            model = pending.pop()
            yield model
            for _, other in self.imports(model):
                if other.namespace not in seen:
                    seen.add(other.namespace)
                    pending.append(other)

    def imports(self, model: Model) -> Iterator[tuple[Import, Model]]:
        """Yield what a model imports, as far as it was given."""
        for one in model.imports:
            other = self.model(one.namespace)
            if other is not None:
                yield one, other

    def named(self, model: Model) -> Iterator[tuple[str, Model]]:
        """Yield a model and what it imports, each with what stands before its names there."""
        for one, other in self.imports(model):
            yield (f"{one.name}." if one.name else ""), other
        yield "", model

    def missing(self) -> Iterator[tuple[Model, Import]]:
        """Yield the imports whose models were not given."""
        for model in self.reached():
            for one in model.imports:
                if self.model(one.namespace) is None:
                    yield model, one

    def element(self, reference: Reference) -> DrgElement | None:
        """Return the node that a reference leads to."""
        model = self.model(reference.namespace)
        return None if model is None else model.elements.get(reference.id)

    def qualifier(self, model: Model, namespace: str) -> str | None:
        """Return the name under which a model reads another one's elements.

        Empty for its own, and for those of an import without a name; None when there is no import.
        """
        if namespace == model.namespace:
            return ""
        return next((one.name for one in model.imports if one.namespace == namespace), None)

    def item(self, name: TypeName, model: Model) -> tuple[Model, ItemDefinition] | None:
        """Return the item definition that a type's name means in a model, and where it stands."""
        for owner, local in self._readings(name, model):
            found = self._items[owner.namespace].get(local)
            if found is not None:
                return owner, found
        return None

    def _readings(self, name: TypeName, model: Model) -> Iterator[tuple[Model, str]]:
        """Yield the models in which a type may be defined, with its name there, nearest first."""
        if name.namespace is not None and (owner := self.model(name.namespace)) is not None:
            yield owner, name.name
            return
        yield model, name.name
        for one, other in self.imports(model):
            if not one.name:
                yield other, name.name
            elif name.name.startswith(f"{one.name}."):
                yield other, name.name.removeprefix(f"{one.name}.")
