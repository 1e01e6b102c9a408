package crdt

// Describe gives the schema as plain data for a page that other programs are
// written from: by field its kind, whether it contests, its type, and what the
// entries of a map have. Numbers are int64, so that it can be written as JSON.
func (s Schema) Describe() map[string]any {
	out := map[string]any{}
	for name, f := range s {
		d := map[string]any{"kind": kindNames[f.Kind]}
		if f.Legal {
			d["legal"] = true
		}
		if f.Type != nil {
			d["type"] = f.Type.Describe()
		}
		if f.Entry != nil {
			d["entry"] = f.Entry.Describe()
		}
		out[name] = d
	}
	return out
}

var kindNames = map[FieldKind]string{Register: "register", Set: "set", Map: "map", List: "list", Text: "text", Events: "events"}

var typeNames = map[TypeKind]string{
	AnyType: "any", TextType: "text", IntegerType: "integer", YesNoType: "yes_no", BytesType: "bytes", DateType: "date", TimeType: "time",
	DayType: "day", CodeType: "code", ListType: "list", PartsType: "parts", MonthType: "month", StepType: "step",
}

// Describe gives the type as plain data; nil is any value.
func (t *Type) Describe() map[string]any {
	if t == nil {
		return map[string]any{"type": typeNames[AnyType]}
	}
	out := map[string]any{"type": typeNames[t.Kind]}
	switch t.Kind {
	case TextType, IntegerType, BytesType, ListType:
		out["min"], out["max"] = t.Min, t.Max
	case CodeType:
		if t.List != "" {
			out["list"] = t.List
		}
	case PartsType:
		parts := map[string]any{}
		for name, p := range t.Parts {
			d := p.Type.Describe()
			if p.Required {
				d["required"] = true
			}
			parts[name] = d
		}
		out["parts"] = parts
	case StepType:
		steps := map[string]any{}
		for name, s := range t.Steps {
			steps[name] = s.Describe()["parts"]
		}
		out["tag"], out["steps"] = t.Tag, steps
	}
	if t.Of != nil {
		out["of"] = t.Of.Describe()
	}
	if t.Required {
		out["required"] = true
	}
	return out
}
