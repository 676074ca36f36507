# Renders the templates of the BOSH job as a director and an agent do, from properties and links on standard input, and prints
# them as JSON by the path that the job's spec gives them. Fails as BOSH does: on a property that the spec does not know, and on
# one that has neither a value nor a default.
require "erb"
require "json"
require "yaml"

class UnknownProperty < StandardError; end

# What BOSH offers for the properties of a job and those of a link.
module Properties
  MISSING = Object.new

  def p(name, default = MISSING)
    value = lookup(name)
    return value unless value.nil?
    raise UnknownProperty, "no value for #{name}" if default.equal?(MISSING)
    default
  end

  def if_p(*names)
    values = names.map { |name| lookup(name) }
    yield(*values) unless values.any?(&:nil?)
  end

  def dig(tree, name)
    name.split(".").reduce(tree) { |at, part| at.is_a?(Hash) ? at[part] : nil }
  end
end

class Link
  include Properties
  attr_reader :address

  def initialize(link)
    @address, @properties = link.values_at("address", "properties")
  end

  def lookup(name)
    dig(@properties, name)
  end
end

class Job
  include Properties

  def initialize(spec, given)
    @spec = spec
    @properties = given.fetch("properties", {})
    @links = given.fetch("links", {})
  end

  def lookup(name)
    known = @spec.fetch("properties")
    raise UnknownProperty, "the spec has no #{name}" unless known.key?(name)
    value = dig(@properties, name)
    value.nil? ? known[name]["default"] : value
  end

  def if_link(name)
    consumed = @spec.fetch("consumes").map { |link| link["name"] }
    raise "the spec consumes no #{name}" unless consumed.include?(name)
    yield Link.new(@links[name]) if @links.key?(name)
  end

  def render(template)
    ERB.new(template, trim_mode: "-").result(binding)
  end
end

directory = ARGV.fetch(0)
spec = YAML.safe_load(File.read(File.join(directory, "spec")))
job = Job.new(spec, JSON.parse($stdin.read))
rendered = spec.fetch("templates").map do |name, path|
  [path, job.render(File.read(File.join(directory, "templates", name)))]
end
puts JSON.generate(rendered.to_h)
